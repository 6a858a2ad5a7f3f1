import type { Engine } from '../engines/engine.ts';
import type { Grant } from '../engines/structure-change.ts';
import type { TableName } from '../engines/table-structure.ts';
import type { Datakit } from '../model/datakit.ts';
import { allStructures, expectedTables } from './expected-tables.ts';
import { expectedViews } from './expected-views.ts';

/** The rights that the readers of a datakit need on an engine; none where it knows no roles. */
export function expectedGrants(datakit: Datakit, engine: Engine): Grant[] {
  if (!engine.supportsGrants || datakit.readers.length === 0) return [];
  const objects: TableName[] = [
    ...allStructures(expectedTables(datakit, engine)).map(({ table }) => table),
    ...expectedViews(datakit, engine).map(({ structure }) => structure.view),
  ];
  const places = engine.supportsSchemas ? [{ schema: datakit.schema }, ...objects] : objects;
  return datakit.readers.flatMap((reader) => places.map((on) => ({ reader, on })));
}
