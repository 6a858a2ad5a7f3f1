import type { Datakit } from '../model/datakit.ts';
import type { Engine } from './engine.ts';
import type { TableName } from './table-structure.ts';

/** Where a table of a datakit lies: in its schema, or under its prefix. */
export function physicalName(datakit: Pick<Datakit, 'schema'>, table: string, engine: Engine): TableName {
  return engine.supportsSchemas ? { schema: datakit.schema, name: table } : { name: `${datakit.schema}_${table}` };
}
