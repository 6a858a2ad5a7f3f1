import type { Engine } from '../engines/engine.ts';
import type { TablePart } from '../engines/structure-change.ts';
import type { TableName } from '../engines/table-structure.ts';
import type { Datakit } from '../model/datakit.ts';
import { physicalName } from '../structure/expected-tables.ts';
import { objectOfPart, qualified } from './owned-objects.ts';

/** A table by the name of its entity, also where the datakit's schema is a prefix. */
export function shownTable(table: TableName, datakit: Datakit, engine: Engine): string {
  return table.name.slice(physicalName(datakit, '', engine).name.length);
}

/** A part of a table: `film.length`; the table's own name where it is about all of it. */
export function shownPart(table: string, physical: TableName, part: TablePart): string {
  const below = objectOfPart(physical, part)?.object.slice(qualified(physical).length) ?? '';
  return `${table}${below}`;
}
