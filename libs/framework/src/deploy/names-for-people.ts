import type { TablePart } from '../engines/structure-change.ts';
import type { TableName } from '../engines/table-structure.ts';
import { objectOfPart, qualified } from './owned-objects.ts';

/** A part of a table: `film.length`; the table's own name where it is about all of it. */
export function shownPart(table: string, physical: TableName, part: TablePart): string {
  const below = objectOfPart(physical, part)?.object.slice(qualified(physical).length) ?? '';
  return `${table}${below}`;
}
