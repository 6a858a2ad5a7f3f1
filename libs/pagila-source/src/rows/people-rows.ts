import { chance, pick, someUpdate } from '../chance.ts';
import type { Sizes } from '../sizes.ts';
import { districts, firstNames, lastNames, streets } from '../words.ts';
import { cities } from '../world.ts';

/** Addresses, stores and everybody who works, buys or acts. */
export function peopleRows({ actors, addresses, stores, staff, customers }: Sizes): string[] {
  return [
    `insert into actor
     select i, ${pick(20, 'i', firstNames)}, ${pick(21, 'i', lastNames)}, ${someUpdate(22, 'i')}
     from generate_series(1, ${actors}) as i`,

    `insert into address
     select i,
       (1 + ${chance(30, 'i', 1999)}) || ' ' || ${pick(31, 'i', streets)},
       case when ${chance(32, 'i', 20)} = 0 then null when ${chance(32, 'i', 20)} = 1 then 'Flat ' || i else '' end,
       ${pick(33, 'i', districts)},
       1 + ${chance(34, 'i', cities.length)},
       case when ${chance(35, 'i', 25)} > 0 then lpad(${chance(36, 'i', 100_000)}::text, 5, '0') end,
       case when ${chance(37, 'i', 50)} = 0 then '' else '1' || lpad(${chance(38, 'i', 100_000_000)}::text, 10, '0') end,
       ${someUpdate(39, 'i')}
     from generate_series(1, ${addresses}) as i`,

    // The people of store n are n, n + stores, n + 2 * stores, and so on; the first one manages it.
    `insert into store
     select i, i, 1 + ${chance(50, 'i', addresses)}, ${someUpdate(51, 'i')}
     from generate_series(1, ${stores}) as i`,

    `insert into staff
     select i, initcap(${pick(60, 'i', asciiOnly(firstNames))}), ${pick(61, 'i', lastNames)},
       1 + ${chance(62, 'i', addresses)},
       case when ${chance(63, 'i', 30)} > 0 then 'staff.' || i || '@rentals.example' end,
       1 + (i - 1) % ${stores},
       ${chance(64, 'i', 12)} > 0,
       'user' || i,
       case when ${chance(65, 'i', 40)} > 0 then md5('password of ' || i) end,
       ${someUpdate(66, 'i')},
       case when ${chance(67, 'i', 10)} = 0 then decode(repeat(md5('picture of ' || i), 1 + i % 16), 'hex')
         when ${chance(67, 'i', 10)} = 1 then '' end
     from generate_series(1, ${staff}) as i`,

    `insert into customer
     select i, 1 + ${chance(70, 'i', stores)}, ${pick(71, 'i', firstNames)}, ${pick(72, 'i', lastNames)},
       case when ${chance(73, 'i', 60)} > 0 then 'customer.' || i || '@mail.example' end,
       1 + ${chance(74, 'i', addresses)},
       ${chance(75, 'i', 40)} > 0,
       date '2021-01-01' + ${chance(76, 'i', 380)}::integer,
       case when ${chance(77, 'i', 80)} > 0 then ${someUpdate(78, 'i')} end,
       case when ${chance(80, 'i', 100)} > 0 then (${chance(75, 'i', 40)} > 0)::integer end
     from generate_series(1, ${customers}) as i`,
  ];
}

/** initcap() of other letters depends on the locale of the database. */
function asciiOnly(names: readonly string[]): string[] {
  return names.filter((name) => /^[A-Z]+$/.test(name));
}
