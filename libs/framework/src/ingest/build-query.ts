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
  /** The key, where new rows get one of the database's own. */
  readonly generated?: string;
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
  const generated = generatedKey(table, build, isGiven);
  const strange = (build.by ?? []).find((name) => !isGiven.has(name));
  if (build.by && (strange !== undefined || generated === undefined)) {
    throw invalid(
      strange === undefined
        ? 'says by what its rows are known, and they have a key'
        : `is known by "${strange}", which it does not give`,
      '"by" is for a table whose key is a UUID that the query leaves to the database: name columns of the query.',
    );
  }
  const missing = [...declared.values()].filter(
    ({ name, nullable, default: usual, identity }) =>
      !isGiven.has(name) &&
      name !== generated &&
      (table.structure.primaryKey.includes(name) || (!nullable && usual === null)) &&
      !identity,
  );
  if (missing.length > 0) {
    throw invalid(
      `does not give ${missing.map(({ name }) => `"${name}"`).join(', ')}`,
      'Select every column that may not be null and has no default, and the whole key. A UUID as the key is made for new rows where the build says by what a row is known: { by: ["order_id"] }.',
    );
  }
  return { sql, columns, ...(generated === undefined ? {} : { generated }) };
}

function generatedKey(table: ExpectedTable, { by }: TableBuild, isGiven: ReadonlySet<string>): string | undefined {
  const [key, ...others] = table.structure.primaryKey;
  if (!by || key === undefined || others.length > 0 || isGiven.has(key)) return undefined;
  return table.columns.find(({ name }) => name === key)?.type.kind === 'uuid' ? key : undefined;
}
