import { defineEntity, p } from '@mikro-orm/core';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { datakitOf } from '../engines/contract/contract-fixture.ts';
import type { WatchedServer } from '../engines/contract/places-contract.ts';
import type { Engine } from '../engines/engine.ts';
import type { Place } from '../engines/place.ts';
import type { Session } from '../engines/session.ts';
import type { Datakit } from '../model/datakit.ts';
import { temporalTable } from '../model/mixins.ts';
import { table, type TableDefinition } from '../model/table.ts';
import type { Finding } from '../report/run-report.ts';
import { TargetDatabase } from '../targets/target-database.ts';
import { validateTarget } from '../validate/validate.ts';
import { deployTo, type DeployOptions, type DeployResult } from './deploy.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- property builders of every type
type Properties = Record<string, any>;

/** A server whose databases the program that comes with it can look into: rows by line, columns by tab. */
export type LookedAtServer = WatchedServer & { look(place: Place, sql: string): Promise<string> };

export const id = { id: p.integer().primary().autoincrement(false) };
export const basics = { ...id, name: p.text().nullable(), phone: p.text().nullable() };

/** A table with a history, and what it is told. */
export function customer(properties: Properties, exclude?: readonly string[], name = 'customer'): TableDefinition {
  const Customer = defineEntity({ name: 'Customer', tableName: name, properties: { ...properties, ...temporalTable } });
  return table(Customer, exclude ? { history: { exclude: exclude as never } } : {});
}

export function shopOf(...tables: readonly unknown[]): Datakit {
  return datakitOf(tables, 'shop');
}

/** A database of its own for every test. */
export interface HistoryStage {
  readonly engine: () => Engine;
  deploy(datakit: Datakit, options?: Partial<DeployOptions>): Promise<DeployResult>;
  validate(datakit: Datakit): Promise<readonly Finding[]>;
  /** Runs statements in which `{customer}` is a table of the datakit. */
  run(...statements: readonly string[]): Promise<void>;
  /** What the server's own program says, as lines. */
  look(sql: string): Promise<string[]>;
  /** The history of `customer` in its order: operation and columns. */
  history(columns: string): Promise<string[]>;
  open(): Promise<Session>;
  state(): Promise<unknown>;
}

/** Sets the stage with hooks of the surrounding `describe`. */
export function historyStageOn(start: () => Promise<LookedAtServer>): HistoryStage {
  let server: LookedAtServer;
  let database: TargetDatabase;
  let tests = 0;
  beforeAll(async () => void (server = await start()));
  afterAll(() => server?.stop());
  beforeEach(async () => {
    const where = { kind: 'place', place: server.place(`history_${++tests}`) } as const;
    database = await TargetDatabase.open({ name: 'test', inMemory: false, where, workspaceRoot: '/', environment: {} });
  });
  afterEach(async () => {
    await database.drop();
    await database[Symbol.asyncDispose]();
  });
  const inSchema = (name: string): string =>
    server.engine.quoteTable(server.engine.supportsSchemas ? { schema: 'shop', name } : { name: `shop_${name}` });
  const resolved = (sql: string): string => sql.replaceAll(/\{(\w+)\}/g, (_, name: string) => inSchema(name));
  const look = async (sql: string): Promise<string[]> =>
    (await server.look(database.place, resolved(sql))).split('\n').filter((line) => line !== '');
  return {
    engine: () => server.engine,
    deploy: (datakit, options = {}) => deployTo(datakit, database, { runId: 'run', ...options }),
    validate: async (datakit) => (await validateTarget(datakit, database)).findings,
    run: async (...statements) => {
      const session = await database.connect();
      for (const sql of statements) await session.execute(resolved(sql));
      await database.disconnect(session);
    },
    look,
    history: (columns) => look(`select operation_type, ${columns} from {customer__history} order by history_id`),
    open: () => database.connect(),
    state: async () => (await (await database.connect()).query(server.catalogueState))[0],
  };
}
