import type { Datakit } from '../../model/datakit.ts';
import { compareTables, type Difference } from '../../structure/compare-structures.ts';
import { allStructures, expectedTables } from '../../structure/expected-tables.ts';
import { besideKeptStates } from '../../structure/kept-history.ts';
import type { EngineStatement } from '../engine.ts';
import type { StructureChange } from '../structure-change.ts';
import type { TableStructure } from '../table-structure.ts';
import type { ContractDatabase } from './contract-server.ts';

/** The tables of a datakit as the engine is to make them. */
export function structuresOf(datakit: Datakit, { engine }: ContractDatabase): TableStructure[] {
  return allStructures(expectedTables(datakit, engine));
}

/** Makes all tables of a datakit in one transaction. */
export async function createAll(datakit: Datakit, database: ContractDatabase): Promise<void> {
  const tables = structuresOf(datakit, database);
  await applyAll(
    [
      { kind: 'create schema', schema: datakit.schema },
      ...tables.map((table) => ({ kind: 'create table', table }) as const),
    ],
    database,
  );
}

/** Applies changes in one transaction, as a deployment does. */
export async function applyAll(
  changes: readonly StructureChange[],
  database: ContractDatabase,
): Promise<EngineStatement[]> {
  const { engine, session } = database;
  return engine.transaction(session, { locks: [], timeoutSeconds: 5, structural: true }, async () => {
    const statements: EngineStatement[] = [];
    for (const change of changes) statements.push(...(await engine.statementsFor(session, change)));
    const ordered = [...statements.filter(({ last }) => !last), ...statements.filter(({ last }) => last)];
    for (const { sql } of ordered) await session.execute(sql);
    return ordered;
  });
}

/** What is different from what a datakit declares, as one line each. */
export async function differencesFrom(datakit: Datakit, database: ContractDatabase): Promise<string[]> {
  const expected = structuresOf(datakit, database);
  const live = await database.engine.readTables(
    database.session,
    expected.map(({ table }) => table),
  );
  return expected.flatMap((table) => {
    const found = live.find((each) => each.table.name === table.table.name);
    return found
      ? compareTables(besideKeptStates(table, found, database.engine), found).map((each) => oneLine(table, each))
      : [`${table.table.name} is missing`];
  });
}

function oneLine(table: TableStructure, { object, kind, expected, found }: Difference): string {
  return `${table.table.name}.${object}: ${kind}: ${expected} / ${found}`;
}
