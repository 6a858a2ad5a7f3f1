import pg from 'pg';
import { chance, someUpdate } from '../chance.ts';
import { categories, cities, countries, languages } from '../world.ts';

function listed(names: readonly string[]): string {
  return `unnest(array[${names.map((name) => pg.escapeLiteral(name)).join(', ')}]) with ordinality as listed(name, i)`;
}

const sameUpdate = `timestamptz '2022-02-15 09:44:00+00'`;

/** The tables that have the same rows at every scale. */
export function fixedRows(): string[] {
  return [
    `insert into country select i, name, ${sameUpdate} from ${listed(countries)}`,
    `insert into city select i, name, 1 + ${chance(10, 'i', countries.length)}, ${someUpdate(11, 'i')} from ${listed(cities)}`,
    `insert into category select i, name, ${sameUpdate} from ${listed(categories)}`,
    `insert into language select i, name, ${sameUpdate} from ${listed(languages)}`,
  ];
}
