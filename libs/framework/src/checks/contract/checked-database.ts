import { afterAll, beforeAll } from '@jest/globals';
import { deployTo } from '../../deploy/deploy.ts';
import type { Engine } from '../../engines/engine.ts';
import { datakitOf } from '../../engines/contract/contract-fixture.ts';
import type { WatchedServer } from '../../engines/contract/places-contract.ts';
import type { Session } from '../../engines/session.ts';
import type { AnyEntity } from '../../model/entity.ts';
import type { Expectation } from '../../model/expectation.ts';
import { expectedTables } from '../../structure/expected-tables.ts';
import { table, type TableDefinition } from '../../model/table.ts';
import { TargetDatabase } from '../../targets/target-database.ts';
import { compileChecks } from '../compile-checks.ts';
import { runChecks, type FailedCheck } from '../run-checks.ts';

/** A database with the tables of some entities. */
export interface CheckedDatabase {
  readonly engine: Engine;
  readonly session: Session;
  /** Puts rows in the place of those that are there; values are texts as PostgreSQL writes them. */
  fill(entity: AnyEntity, columns: readonly string[], rows: readonly (readonly (string | null)[])[]): Promise<void>;
  check(entity: AnyEntity, expect: readonly Expectation[], showKeys?: number): Promise<FailedCheck[]>;
}

/** Deploys entities before the tests of one `describe`. */
export function checkedDatabase(
  server: () => WatchedServer,
  name: string,
  entities: readonly AnyEntity[],
): () => CheckedDatabase {
  let database: TargetDatabase;
  let checked: CheckedDatabase;
  beforeAll(async () => {
    const where = { kind: 'place', place: server().place(name) } as const;
    database = await TargetDatabase.open({
      name,
      inMemory: false,
      protected: false,
      where,
      workspaceRoot: '/',
      environment: {},
    });
    await deployTo(datakitOf(entities), database, { runId: 'run' });
    const { engine } = database;
    const session = await database.connect();
    const tablesOf = (definitions: readonly (AnyEntity | TableDefinition)[]) =>
      expectedTables(datakitOf(definitions), engine);
    const nameOf = (entity: AnyEntity): string =>
      engine.quoteTable(tablesOf(entities)[entities.indexOf(entity)]!.structure.table);
    checked = {
      engine,
      session,
      async fill(entity, columns, rows) {
        await session.execute(`delete from ${nameOf(entity)}`);
        const list = columns.map((column) => engine.quote(column)).join(', ');
        for (const row of rows) {
          const marks = row.map(() => '?').join(', ');
          await session.execute(`insert into ${nameOf(entity)} (${list}) values (${marks})`, row);
        }
      },
      async check(entity, expect, showKeys = 0) {
        const tables = tablesOf(entities.map((each) => (each === entity ? table(each, { expect }) : each)));
        return await runChecks(compileChecks(tables, engine), engine, session, { showKeys, hasItsKey: () => true });
      },
    };
  });
  afterAll(() => database?.[Symbol.asyncDispose]());
  return () => checked;
}
