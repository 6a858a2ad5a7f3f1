import type { Engine } from '../engines/engine.ts';
import { tableBuild } from '../model/build.ts';
import { formatColumnType } from '../model/column-type.ts';
import type { Datakit } from '../model/datakit.ts';
import { compileBuild } from './compile-build.ts';
import { quarantineReason } from './quarantine-reason.ts';
import type { ExpectedTable } from './expected-tables.ts';
import { hashOf } from './expected-views.ts';

/**
 * What a table and its rows are declared to be, as one short text: rows of a load stay good as long as it is the same.
 *
 * @param datakit where the table is built from others
 */
export function loadDefinition(table: ExpectedTable, engine: Engine, datakit?: Datakit): string {
  const { source, load, lossy, build } = table.definition.options;
  const filled = tableBuild(build);
  return hashOf(
    JSON.stringify({
      columns: table.columns.map(({ name, type, nullable }) => [name, formatColumnType(type), nullable]),
      key: table.structure.primaryKey,
      source,
      load,
      lossy,
      ...(filled && datakit ? { query: compileBuild(datakit, table.name, filled, engine).sql } : {}),
      ...(filled?.kind === 'incremental' ? { way: filled.way } : {}),
      ...(filled?.by ? { by: filled.by } : {}),
      ...(filled?.quarantine && datakit ? { quarantine: quarantineReason(datakit, table, filled, engine) } : {}),
    }),
  );
}
