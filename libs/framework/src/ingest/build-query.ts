import type { Engine } from '../engines/engine.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { suggestName } from '../errors/nearest-name.ts';
import type { TableBuild } from '../model/build.ts';
import type { Datakit } from '../model/datakit.ts';
import { compileBuild } from '../structure/compile-build.ts';
import type { ExpectedTable } from '../structure/expected-tables.ts';

/** The query of a table, fitted to the table. */
export interface BuildQuery {
  readonly sql: string;
  /** The columns of the table that it fills. */
  readonly columns: readonly string[];
}

/**
 * @param since the greatest value of an incremental build, as a literal
 * @throws DATAKIT_INVALID for a column that the table does not have, or one that it needs and the query does not give
 */
export function buildQuery(
  datakit: Datakit,
  table: ExpectedTable,
  build: TableBuild,
  engine: Engine,
  since?: string,
): BuildQuery {
  const { sql, columns: selected } = compileBuild(datakit, table.name, build, engine, since);
  const declared = new Map(table.structure.columns.map((column) => [column.name, column]));
  // Of raw SQL nothing is known before it runs: it has to give every column that the database does not fill.
  const columns = selected ?? [...declared.keys()].filter((name) => !table.maintained.has(name));
  const invalid = (problem: string, hint: string): DatakitError =>
    new DatakitError({ code: 'DATAKIT_INVALID', message: `The query of "${table.name}" ${problem}.`, hint });
  const unknown = columns.find((name) => !declared.has(name));
  if (unknown !== undefined) {
    throw invalid(
      `gives the column "${unknown}", which the table does not have`,
      suggestName(unknown, [...declared.keys()]),
    );
  }
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined)
    throw invalid(`gives the column "${twice}" twice`, 'Select it once, or name one of them otherwise.');
  const isGiven = new Set(columns);
  const missing = [...declared.values()].filter(
    ({ name, nullable, default: usual, identity }) =>
      !isGiven.has(name) && (table.structure.primaryKey.includes(name) || (!nullable && usual === null)) && !identity,
  );
  if (missing.length > 0) {
    throw invalid(
      `does not give ${missing.map(({ name }) => `"${name}"`).join(', ')}`,
      'Select every column that may not be null and has no default, and the whole key.',
    );
  }
  return { sql, columns };
}
