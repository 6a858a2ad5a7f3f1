import type { Engine } from '../engines/engine.ts';
import type { InputTable } from '../engines/input-table.ts';
import { physicalName } from '../engines/physical-name.ts';
import { queryCompiler } from '../engines/query-compiler.ts';
import { queryFunctions } from '../engines/query-functions.ts';
import { loadKysely } from '../engines/query-module.ts';
import { selectedColumns } from '../engines/selected-columns.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import type { AnyBuild } from '../model/build.ts';
import { ownerOf, tableName, type Datakit } from '../model/datakit.ts';
import type { AnyEntity } from '../model/entity.ts';
import { discoveredEntities } from './expected-tables.ts';

/** A query in an engine's own SQL. */
export interface CompiledQuery {
  readonly sql: string;
  /** Names of its columns; nothing where only the server knows them. */
  readonly columns: readonly string[] | undefined;
}

type QueryBuild = Extract<AnyBuild, { query: unknown }>;

/**
 * Writes the query of a table as an engine reads it.
 *
 * @param datakit whose table it is; nothing for a query that fills none
 * @param since the greatest value of an incremental build, as a literal
 * @throws DATAKIT_INVALID for an input whose place nobody knows, or a query that cannot be right on this engine
 */
export function compileBuild(
  datakit: Datakit | undefined,
  name: string,
  build: Pick<QueryBuild, 'inputs' | 'query'>,
  engine: Engine,
  since?: string,
): CompiledQuery {
  const inputs = inputTables(datakit, name, build, engine);
  const { Kysely, DummyDriver, PostgresAdapter, PostgresIntrospector } = loadKysely();
  const start = new Kysely<never>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db as never),
      createQueryCompiler: () => queryCompiler(engine, inputs),
    },
  });
  const node = build.query(start as never, queryFunctions(engine, inputs, since) as never).toOperationNode();
  const { sql } = queryCompiler(engine, inputs).compileQuery(node as never, { queryId: name });
  return { sql, columns: selectedColumns(node, inputs) };
}

/** The tables that a query reads, by its names for them. @throws DATAKIT_INVALID for one whose place nobody knows */
export function inputTables(
  datakit: Datakit | undefined,
  name: string,
  build: Pick<QueryBuild, 'inputs'>,
  engine: Engine,
): Map<string, InputTable> {
  return new Map(
    Object.entries(build.inputs).map(([input, entity]) => [input, inputTable(datakit, name, input, entity, engine)]),
  );
}

function inputTable(
  datakit: Datakit | undefined,
  table: string,
  input: string,
  entity: AnyEntity,
  engine: Engine,
): InputTable {
  const owner = ownerOf(entity, datakit);
  if (!owner) throw placeless(table, input);
  const index = owner.tables.findIndex((each) => each.entity === entity);
  const columns = discoveredEntities(owner)[index]?.columns ?? [];
  return {
    table: physicalName(owner, tableName(entity), engine),
    columns: new Map(columns.map(({ name, type }) => [name, type])),
  };
}

/** A query can only read what a datakit has. */
export function placeless(table: string, input: string): DatakitError {
  return new DatakitError({
    code: 'DATAKIT_INVALID',
    message: `"${table}" reads "${input}", and it is not clear where that is.`,
    hint: 'List its entity in the "tables" of exactly one datakit, and import the entity from there.',
  });
}
