import { defineEntity, p } from '@mikro-orm/core';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from '@jest/globals';
import { isPrivate, type ContractServer } from '../engines/contract/contract-server.ts';
import { datakitOf } from '../engines/contract/contract-fixture.ts';
import type { Session } from '../engines/session.ts';
import { TargetDatabase } from '../targets/target-database.ts';
import { cleanUpRun, checkCleanUp } from './clean-up.ts';
import { deployTo, type DeployOptions, type DeployResult } from './deploy.ts';
import type { Datakit } from '../model/datakit.ts';

const id = { id: p.integer().primary().autoincrement(false) };
const Film = defineEntity({
  name: 'Film',
  tableName: 'film',
  properties: { ...id, title: p.text().index(), length: p.integer().nullable() },
});
const FilmWithoutLength = defineEntity({
  name: 'Film',
  tableName: 'film',
  properties: { ...id, title: p.text().index() },
});
const FilmWithRating = defineEntity({
  name: 'Film',
  tableName: 'film',
  properties: { ...id, title: p.text().index(), length: p.integer().nullable(), rating: p.text().nullable() },
});
const Copy = defineEntity({ name: 'Copy', tableName: 'copy', properties: { ...id, film: () => p.manyToOne(Film) } });
const Sale = defineEntity({ name: 'Sale', tableName: 'sale', properties: { ...id, copy: () => p.manyToOne(Copy) } });
const shop = datakitOf([Film, Copy, Sale], 'shop');
const onlyFilm = datakitOf([Film], 'shop');

/** What deployments do to a real database of each engine. */
export function describeDeploy(
  name: string,
  start: () => Promise<ContractServer & { readonly catalogueState: string }>,
): void {
  describe(`a deployment to ${name}`, () => {
    let server: Awaited<ReturnType<typeof start>>;
    let database: TargetDatabase;
    let session: Session;
    let runs = 0;
    beforeAll(async () => void (server = await start()));
    afterAll(() => server?.stop());
    beforeEach(async () => {
      const where = { kind: 'place', place: server.place(`deploy_${++runs}`) } as const;
      const target = { name: 'test', inMemory: isPrivate(where.place), where, workspaceRoot: '/', environment: {} };
      database = await TargetDatabase.open(target);
    });
    afterEach(async () => {
      await database.drop();
      await database[Symbol.asyncDispose]();
    });

    const deploy = (datakit: Datakit, options: Partial<DeployOptions> = {}): Promise<DeployResult> =>
      deployTo(datakit, database, { runId: 'run', ...options });
    const quoted = (table: string): string =>
      server.engine.quoteTable(
        server.engine.supportsSchemas ? { schema: 'shop', name: table } : { name: `shop_${table}` },
      );
    const beside = (table: string): string => server.engine.quote(table);
    const ledger = (table: string): string =>
      server.engine.supportsSchemas ? `_datakit.${table}` : `_datakit_${table}`;
    const open = async (): Promise<void> => void (session = await database.connect());
    const state = async (): Promise<unknown> => (await session.query(server.catalogueState))[0];
    const isThere = (table: string): Promise<boolean> =>
      session.query(`select 1 as one from ${quoted(table)}`).then(
        () => true,
        () => false,
      );
    /** A database that somebody else made, with a table in it. */
    const plainDatabase = async (): Promise<void> => {
      await server.engine.createDatabase(database.place);
      await open();
      await session.execute(`create table ${beside('precious')} (id integer)`);
    };

    it('makes the database and all tables, and says so once', async () => {
      expect(await deploy(shop)).toMatchObject({
        applied: true,
        createdDatabase: true,
        plan: { newTables: ['film', 'copy', 'sale'] },
      });
      await open();
      const before = await state();
      expect(await deploy(shop)).toMatchObject({ applied: false, createdDatabase: false, plan: { statements: [] } });
      expect(await state()).toEqual(before);
      expect(await session.query(`select kind, created_by_run from ${ledger('database')}`)).toEqual([
        { kind: 'disposable', created_by_run: 'run' },
      ]);
      expect(await session.query(`select run_id from ${ledger('deployments')}`)).toEqual([{ run_id: 'run' }]);
    });

    it('with --plan shows every statement, changes nothing and makes no database', async () => {
      const planned = await deploy(shop, { plan: true });
      expect(planned).toMatchObject({
        applied: false,
        createdDatabase: false,
        plan: { newTables: ['film', 'copy', 'sale'] },
      });
      expect(await database.exists()).toBe(false);
      const applied = await deploy(shop);
      expect(planned.plan.statements).toEqual(applied.plan.statements);
      await open();
      const before = await state();
      expect((await deploy(datakitOf([FilmWithRating], 'shop'), { plan: true })).plan.destructive).toEqual([
        'sale',
        'copy',
      ]);
      expect(await state()).toEqual(before);
    });

    it('leaves alone what somebody added by hand: a column, an index, a table, a view', async () => {
      await deploy(onlyFilm);
      await open();
      await session.execute(`alter table ${quoted('film')} add column by_hand text`);
      await session.execute(`create index by_hand on ${quoted('film')} (by_hand)`);
      await session.execute(`create table ${quoted('theirs')} (id integer)`);
      await session.execute(`create view ${quoted('by_hand_view')} as select by_hand from ${quoted('film')}`);
      const before = await state();
      expect(await deploy(onlyFilm)).toMatchObject({ applied: false, plan: { statements: [] } });
      expect(await state()).toEqual(before);
      expect(await deploy(datakitOf([FilmWithRating], 'shop'))).toMatchObject({
        applied: true,
        plan: { destructive: [] },
      });
      expect(await session.query(`select by_hand from ${quoted('by_hand_view')}`)).toEqual([]);
      expect(await isThere('theirs')).toBe(true);
    });

    it('refuses to lose data, names it all, and runs nothing', async () => {
      await deploy(shop);
      await open();
      const before = await state();
      const dropsMuch = datakitOf([FilmWithoutLength], 'shop');
      await expect(deploy(dropsMuch)).rejects.toMatchObject({
        code: 'DESTRUCTIVE',
        details: { objects: ['film.length', 'sale', 'copy'] },
        hint: expect.stringContaining('--allowDestructive=film.length,sale,copy'),
      });
      await expect(deploy(dropsMuch, { allowDestructive: ['film.length', 'sale'] })).rejects.toMatchObject({
        details: { objects: ['copy'] },
      });
      expect(await state()).toEqual(before);

      expect(await deploy(dropsMuch, { allowDestructive: ['film.length', 'sale', 'copy'] })).toMatchObject({
        applied: true,
      });
      expect(await isThere('copy')).toBe(false);
      expect(await deploy(dropsMuch)).toMatchObject({ applied: false });
    });

    it('forgets a table that is no longer declared and that somebody dropped already', async () => {
      await deploy(shop);
      await open();
      for (const table of ['sale', 'copy']) await session.execute(`drop table ${quoted(table)}`);
      expect(await deploy(onlyFilm)).toMatchObject({ applied: false, plan: { destructive: [] } });
      await session.execute(`create table ${quoted('copy')} (other text)`);
      expect((await deploy(datakitOf([FilmWithRating], 'shop'))).plan.destructive).toEqual([]);
      expect(await isThere('copy')).toBe(true);
    });

    it('makes again what somebody dropped, with or without its schema', async () => {
      await deploy(shop);
      await open();
      await session.execute(`drop table ${quoted('sale')}`);
      expect(await deploy(shop)).toMatchObject({ applied: true, plan: { newTables: ['sale'] } });
      for (const table of ['sale', 'copy', 'film']) await session.execute(`drop table ${quoted(table)}`);
      if (server.engine.supportsSchemas) await session.execute('drop schema shop');
      expect(await deploy(shop)).toMatchObject({ applied: true, plan: { newTables: ['film', 'copy', 'sale'] } });
    });

    it('makes a table anew only where the database is disposable', async () => {
      await deploy(onlyFilm);
      await open();
      await session.execute(`insert into ${quoted('film')} (id, title) values (1, 'gone')`);
      expect(await deploy(onlyFilm, { recreate: true })).toMatchObject({
        applied: true,
        plan: { newTables: ['film'] },
      });
      expect(await session.query(`select * from ${quoted('film')}`)).toEqual([]);
    });

    it('to a database of somebody else marks it plain, and neither recreates nor cleans up there', async () => {
      await plainDatabase();
      await expect(checkCleanUp(database)).rejects.toMatchObject({ code: 'NOT_DISPOSABLE' });
      const before = await state();
      await expect(deploy(onlyFilm, { recreate: true })).rejects.toMatchObject({ code: 'NOT_DISPOSABLE' });
      expect(await isThere('film')).toBe(false);
      expect(await deploy(onlyFilm)).toMatchObject({ applied: true, createdDatabase: false });
      expect(await state()).not.toEqual(before);
      const deployed = await state();
      await expect(checkCleanUp(database)).rejects.toMatchObject({ code: 'NOT_DISPOSABLE' });
      await expect(cleanUpRun(database, 'run')).rejects.toMatchObject({ code: 'NOT_DISPOSABLE' });
      expect(await state()).toEqual(deployed);
      expect(await session.query(`select kind from ${ledger('database')}`)).toEqual([{ kind: 'plain' }]);
    });

    it('is cleaned up by dropping the database that it made', async () => {
      await deploy(shop);
      expect(await cleanUpRun(database, 'run')).toEqual({ droppedDatabase: true, droppedTables: [] });
      expect(await database.exists()).toBe(false);
      expect(await cleanUpRun(database, 'run')).toEqual({ droppedDatabase: false, droppedTables: [] });
    });

    it('is cleaned up by dropping just its own tables where the database was there before', async () => {
      const First = defineEntity({ name: 'First', tableName: 'first', properties: id });
      await deploy({ ...datakitOf([First], 'earlier'), name: 'earlier' }, { runId: 'earlier run' });
      await deploy(shop, { runId: 'later run' });
      await open();
      await session.execute(`create table ${quoted('theirs')} (id integer)`);
      expect(await cleanUpRun(database, 'later run')).toMatchObject({
        droppedDatabase: false,
        droppedTables: { length: 3 },
      });
      expect(await Promise.all(['film', 'copy', 'sale', 'theirs'].map(isThere))).toEqual([false, false, false, true]);
      expect(await session.query(`select datakit from ${ledger('objects')} group by datakit`)).toEqual([
        { datakit: 'earlier' },
      ]);
      expect(await deploy(shop)).toMatchObject({ applied: true });
    });

    it('refuses a table of another datakit, and one that somebody made and that looks different', async () => {
      await deploy({ ...onlyFilm, name: 'other' });
      await open();
      await expect(deploy(onlyFilm)).rejects.toMatchObject({
        code: 'DATAKIT_INVALID',
        message: expect.stringContaining('"other"'),
      });
      await session.execute(`create table ${quoted('theirs')} (id text, more text)`);
      const Theirs = defineEntity({ name: 'Theirs', tableName: 'theirs', properties: id });
      await expect(deploy(datakitOf([Theirs], 'shop'))).rejects.toMatchObject({ code: 'DRIFT' });
      expect(await session.query(`select id, more from ${quoted('theirs')}`)).toEqual([]);
    });

    it('uses an equal table that somebody made, and never drops it', async () => {
      await deploy(datakitOf([defineEntity({ name: 'First', tableName: 'first', properties: id })], 'shop'), {
        runId: 'first run',
      });
      await open();
      const key = 'id integer not null, primary key (id)';
      await session.execute(`create table ${quoted('theirs')} (${key})`);
      const Theirs = defineEntity({ name: 'Theirs', tableName: 'theirs', properties: id });
      const kit = { ...datakitOf([Theirs], 'shop'), name: 'theirs' };
      expect(await deploy(kit, { runId: 'second run' })).toMatchObject({ applied: false });
      expect(await cleanUpRun(database, 'second run')).toEqual({ droppedDatabase: false, droppedTables: [] });
      expect(await isThere('theirs')).toBe(true);
    });

    it('that fails in the middle leaves nothing', async () => {
      const Good = defineEntity({ name: 'Good', tableName: 'good', properties: id });
      const Bad = defineEntity({
        name: 'Bad',
        tableName: 'bad',
        properties: id,
        checks: [{ name: 'c', expression: 'no_such_column > 0' }],
      });
      await expect(deploy(datakitOf([Good, Bad], 'shop'))).rejects.toMatchObject({ code: 'TARGET_FAILED' });
      await open();
      expect(await isThere('good')).toBe(false);
      expect(await session.query(`select * from ${ledger('objects')}`)).toEqual([]);
    });
  });
}
