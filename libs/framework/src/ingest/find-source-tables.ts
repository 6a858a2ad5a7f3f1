import type { SourceConnector, SourceTable } from '../sources/source-connector.ts';

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
 */
export async function findSourceTables(
  connector: SourceConnector,
  schema: string,
  names: readonly string[],
  looksAround: boolean,
): Promise<FoundTables> {
  const isWanted = new Set(names);
  const describeOthers = (others: readonly string[]): Promise<SourceTable[]> => connector.listTables(schema, others);
  if (!looksAround) return { wanted: await connector.listTables(schema, names), others: [], describeOthers };
  if (connector.listTableNames) {
    const all = await connector.listTableNames(schema);
    const others = all.filter((name) => !isWanted.has(name));
    return { wanted: await connector.listTables(schema, names), others, describeOthers };
  }
  const all = await connector.listTables(schema);
  return {
    wanted: all.filter(({ name }) => isWanted.has(name)),
    others: all.map(({ name }) => name).filter((name) => !isWanted.has(name)),
    describeOthers: async (others) => all.filter(({ name }) => others.includes(name)),
  };
}
