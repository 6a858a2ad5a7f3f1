import { DatakitError } from '../errors/datakit-error.ts';
import type { SourceConnector, SourceTable } from '../sources/source-connector.ts';

/** A table of a source, or a query that takes the place of one. */
export interface SourceObject {
  readonly name: string;
  readonly query: string | undefined;
}

/** What a source has. */
export interface FoundTables {
  /** Those that are to be loaded, as far as they are there. */
  readonly wanted: readonly SourceTable[];
  /** Names of all others, where somebody asks for them. */
  readonly others: readonly string[];
  /** Describes the others. */
  describeOthers(names: readonly string[]): Promise<readonly SourceTable[]>;
}

/**
 * Looks what a source has. A table that has to be read to be described is described only where it is wanted.
 * @param looksAround whether the others are asked for
 * @throws OPTION_INVALID where a query is to be read from a source that has none
 */
export async function findSourceTables(
  connector: SourceConnector,
  schema: string,
  objects: readonly SourceObject[],
  looksAround: boolean,
): Promise<FoundTables> {
  const queried: SourceTable[] = [];
  for (const { name, query } of objects) {
    if (query !== undefined) queried.push(await describeQuery(connector, name, query));
  }
  const names = objects.filter(({ query }) => query === undefined).map(({ name }) => name);
  const isWanted = new Set(names);
  const describeOthers = (others: readonly string[]): Promise<SourceTable[]> => connector.listTables(schema, others);
  if (!looksAround) {
    return { wanted: [...queried, ...(await connector.listTables(schema, names))], others: [], describeOthers };
  }
  if (connector.listTableNames) {
    const all = await connector.listTableNames(schema);
    const others = all.filter((name) => !isWanted.has(name));
    return { wanted: [...queried, ...(await connector.listTables(schema, names))], others, describeOthers };
  }
  const all = await connector.listTables(schema);
  return {
    wanted: [...queried, ...all.filter(({ name }) => isWanted.has(name))],
    others: all.map(({ name }) => name).filter((name) => !isWanted.has(name)),
    describeOthers: async (others) => all.filter(({ name }) => others.includes(name)),
  };
}

async function describeQuery(connector: SourceConnector, name: string, query: string): Promise<SourceTable> {
  if (connector.describeQuery) return await connector.describeQuery(name, query);
  throw new DatakitError({
    code: 'OPTION_INVALID',
    message: `"${name}" is read by a query, and ${connector.description} has none.`,
    hint: 'Read it from a database with --sourceUrl, or leave it out with --tables.',
  });
}
