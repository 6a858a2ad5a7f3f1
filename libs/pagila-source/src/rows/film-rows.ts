import { chance, pick, someUpdate } from '../chance.ts';
import type { Sizes } from '../sizes.ts';
import { deeds, heroes, kinds, oddEndings, scenes, titleEndings, titleOpenings } from '../words.ts';
import { categories, languages } from '../world.ts';

const mostActors = 10;

const description = `
  case when ${chance(110, 'i', 60)} > 0 then
    upper(left(${pick(111, 'i', kinds)}, 1)) || substr(${pick(111, 'i', kinds)}, 2) || ' of ' ||
    ${pick(112, 'i', heroes)} || ' who ' || ${pick(113, 'i', deeds)} || ' ' || ${pick(114, 'i', heroes)} || ' ' ||
    ${pick(115, 'i', scenes)}
  end`;

const ending = `case when ${chance(116, 'i', 25)} = 0 then ${pick(117, 'i', oddEndings)} else '' end`;

const specialFeatures = `
  case when ${chance(118, 'i', 40)} > 0 then
    array_remove(array[${['Trailers', 'Commentaries', 'Deleted Scenes', 'Behind the Scenes']
      .map((feature, bit) => `case when ${chance(119, 'i', 16)} & ${1 << bit} > 0 then '${feature}' end`)
      .join(', ')}], null)
  end`;

/** Films, who acts in them, what they are about, and the copies in the stores. */
export function filmRows({ actors, films, stores, inventory }: Sizes): string[] {
  const stride = Math.max(1, Math.floor((actors - mostActors) / mostActors));
  return [
    // The index is without the endings: whether a sign is part of a word depends on the locale of the database.
    `insert into film
     select i, title, description || ending,
       case when ${chance(120, 'i', 50)} > 0 then 1960 + ${chance(121, 'i', 63)} end,
       1 + ${chance(122, 'i', languages.length)},
       case when ${chance(123, 'i', 20)} = 0 then 1 + ${chance(124, 'i', languages.length)} end,
       3 + ${chance(125, 'i', 5)},
       0.99 + 2 * ${chance(126, 'i', 3)},
       case when ${chance(127, 'i', 100)} > 0 then 46 + ${chance(128, 'i', 140)} end,
       9.99 + ${chance(129, 'i', 21)},
       (enum_range(null::mpaa_rating))[1 + ${chance(130, 'i', 5)}],
       ${someUpdate(131, 'i')},
       ${specialFeatures},
       to_tsvector('english', concat_ws(' ', title, description))
     from generate_series(1, ${films}) as i,
       lateral (select ${pick(133, 'i', titleOpenings)} || ' ' || ${pick(134, 'i', titleEndings)}, ${description}, ${ending})
         as text (title, description, ending)`,

    // A stride that passes no actor twice, instead of draws that would have to be told apart.
    `insert into film_actor
     select 1 + (${chance(140, 'i', actors)} + j * (1 + ${chance(141, 'i', stride)})) % ${actors}, i, ${someUpdate(142, 'i * 16 + j')}
     from generate_series(1, ${films}) as i,
       generate_series(0, least(${chance(144, 'i', mostActors)}, ${actors - 1})) as j`,

    `insert into film_category
     select i, 1 + (${chance(150, 'i', categories.length)} + j * (1 + ${chance(151, 'i', 5)})) % ${categories.length},
       ${someUpdate(152, 'i * 16 + j')}
     from generate_series(1, ${films}) as i, generate_series(0, ${chance(154, 'i', 56)} / 15) as j`,

    `insert into inventory
     select i, 1 + ${chance(160, 'i', films)}, 1 + ${chance(161, 'i', stores)}, ${someUpdate(162, 'i')}
     from generate_series(1, ${inventory}) as i`,
  ];
}
