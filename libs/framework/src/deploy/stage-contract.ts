import { defineEntity, p } from '@mikro-orm/core';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { datakitOf } from '../engines/contract/contract-fixture.ts';
import { createTrigger } from '../engines/contract/hand-made-trigger-contract.ts';
import type { WatchedServer } from '../engines/contract/places-contract.ts';
import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import type { TableName } from '../engines/table-structure.ts';
import type { Datakit } from '../model/datakit.ts';
import { TargetDatabase } from '../targets/target-database.ts';
import { deployTo, type DeployOptions, type DeployResult } from './deploy.ts';

export const id = { id: p.integer().primary().autoincrement(false) };
const Film = defineEntity({
  name: 'Film',
  tableName: 'film',
  properties: { ...id, title: p.text().index(), length: p.integer().nullable() },
});
export const FilmWithoutLength = defineEntity({
  name: 'Film',
  tableName: 'film',
  properties: { ...id, title: p.text().index() },
});
export const FilmWithRating = defineEntity({
  name: 'Film',
  tableName: 'film',
  properties: { ...id, title: p.text().index(), length: p.integer().nullable(), rating: p.text().nullable() },
});
const Copy = defineEntity({ name: 'Copy', tableName: 'copy', properties: { ...id, film: () => p.manyToOne(Film) } });
const Sale = defineEntity({ name: 'Sale', tableName: 'sale', properties: { ...id, copy: () => p.manyToOne(Copy) } });
export const shop = datakitOf([Film, Copy, Sale], 'shop');
export const onlyFilm = datakitOf([Film], 'shop');

/** A database of its own for every test, with what the tests do to it. */
export interface Stage {
  readonly engine: () => Engine;
  readonly database: () => TargetDatabase;
  /** The same database, reached through a target that is protected, or through another one. */
  reach(through: { readonly protected: boolean }): Promise<TargetDatabase>;
  deploy(datakit: Datakit, options?: Partial<DeployOptions>): Promise<DeployResult>;
  /** A session to look and to meddle. */
  open(): Promise<Session>;
  /** A database that somebody else made, with a table in it. */
  plainDatabase(): Promise<Session>;
  /** A table in the datakit's schema, as SQL names it. */
  quoted(table: string): string;
  /** A bookkeeping table, as SQL names it. */
  ledger(table: string): string;
  /** Equal as long as nobody changed the catalogue. */
  state(): Promise<unknown>;
  isThere(table: string): Promise<boolean>;
  /** A table in the datakit's schema, as an engine's functions take it. */
  physical(table: string): TableName;
  /** A trigger by hand that copies a column of each new row into the text column of a log. */
  createTrigger(table: string, log: string, column: string): Promise<void>;
}

/** Sets the stage with hooks of the surrounding `describe`. */
export function stageOn(start: () => Promise<WatchedServer>): Stage {
  let server: WatchedServer;
  let database: TargetDatabase;
  let tests = 0;
  const reached: TargetDatabase[] = [];
  beforeAll(async () => void (server = await start()));
  afterAll(() => server?.stop());
  beforeEach(async () => {
    const where = { kind: 'place', place: server.place(`deploy_${++tests}`) } as const;
    database = await TargetDatabase.open({ name: 'test', inMemory: false, where, workspaceRoot: '/', environment: {} });
  });
  afterEach(async () => {
    for (const other of reached.splice(0)) await other[Symbol.asyncDispose]();
    await database.drop();
    await database[Symbol.asyncDispose]();
  });
  const inSchema = (schema: string, name: string): string =>
    server.engine.quoteTable(server.engine.supportsSchemas ? { schema, name } : { name: `${schema}_${name}` });
  const physical = (name: string): TableName =>
    server.engine.supportsSchemas ? { schema: 'shop', name } : { name: `shop_${name}` };
  return {
    engine: () => server.engine,
    database: () => database,
    reach: async (through) => {
      const where = { kind: 'place', place: database.place } as const;
      const target = { name: 'other', inMemory: false, where, workspaceRoot: '/', environment: {}, ...through };
      reached.push(await TargetDatabase.open(target));
      return reached.at(-1) as TargetDatabase;
    },
    deploy: (datakit, options = {}) => deployTo(datakit, database, { runId: 'run', ...options }),
    open: () => database.connect(),
    plainDatabase: async () => {
      await server.engine.createDatabase(database.place);
      const session = await database.connect();
      await session.execute('create table precious (id integer)');
      return session;
    },
    quoted: (table) => inSchema('shop', table),
    ledger: (table) => inSchema('_datakit', table),
    state: async () => (await database.connect()).query(server.catalogueState),
    isThere: async (table) => (await server.engine.readTables(await database.connect(), [physical(table)])).length > 0,
    physical,
    createTrigger: async (table, log, column) => {
      const trigger = { name: `log_${table}`, table: physical(table), log: physical(log), column };
      await createTrigger(server.engine, await database.connect(), trigger);
    },
  };
}
