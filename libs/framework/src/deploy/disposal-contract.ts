import { defineEntity } from '@mikro-orm/core';
import { describe, expect, it } from '@jest/globals';
import { datakitOf } from '../engines/contract/contract-fixture.ts';
import { cleanUpRun } from './clean-up.ts';
import { checkCleanUp } from './disposable.ts';
import { id, onlyFilm, shop, type Stage } from './stage-contract.ts';

/** Only what is ours to drop is ever dropped. */
export function disposalContract({
  engine,
  database,
  deploy,
  open,
  plainDatabase,
  quoted,
  ledger,
  state,
  isThere,
}: Stage): void {
  describe('and its end', () => {
    it('makes a table anew only where the database is disposable', async () => {
      await deploy(onlyFilm);
      const session = await open();
      await session.execute(`insert into ${quoted('film')} (id, title) values (1, 'gone')`);
      expect(await deploy(onlyFilm, { recreate: true })).toMatchObject({
        applied: true,
        plan: { newTables: ['film'] },
      });
      expect(await session.query(`select * from ${quoted('film')}`)).toEqual([]);
    });

    it('to a database of somebody else marks it plain, and neither recreates nor cleans up there', async () => {
      const session = await plainDatabase();
      await expect(checkCleanUp(database())).rejects.toMatchObject({ code: 'NOT_DISPOSABLE' });
      const before = await state();
      await expect(deploy(onlyFilm, { recreate: true })).rejects.toMatchObject({ code: 'NOT_DISPOSABLE' });
      expect(await state()).toEqual(before);
      expect(await deploy(onlyFilm)).toMatchObject({ applied: true, createdDatabase: false });
      expect(await state()).not.toEqual(before);
      const deployed = await state();
      await expect(checkCleanUp(database())).rejects.toMatchObject({ code: 'NOT_DISPOSABLE' });
      await expect(cleanUpRun(database(), 'run')).rejects.toMatchObject({ code: 'NOT_DISPOSABLE' });
      expect(await state()).toEqual(deployed);
      expect(await session.query(`select kind from ${ledger('database')}`)).toEqual([{ kind: 'plain' }]);
    });

    it('is cleaned up by dropping the database that it made', async () => {
      await deploy(shop);
      expect(await cleanUpRun(database(), 'run')).toEqual({ droppedDatabase: true, droppedTables: [] });
      expect(await database().exists()).toBe(false);
      expect(await cleanUpRun(database(), 'run')).toEqual({ droppedDatabase: false, droppedTables: [] });
    });

    it('is cleaned up by dropping just its own tables where the database was there before', async () => {
      const First = defineEntity({ name: 'First', tableName: 'first', properties: id });
      await deploy({ ...datakitOf([First], 'earlier'), name: 'earlier' }, { runId: 'earlier run' });
      await deploy(shop, { runId: 'later run' });
      const session = await open();
      await session.execute(`create table ${quoted('theirs')} (id integer)`);
      expect(await cleanUpRun(database(), 'later run')).toMatchObject({
        droppedDatabase: false,
        droppedTables: { length: 3 },
      });
      expect(await Promise.all(['film', 'copy', 'sale', 'theirs'].map(isThere))).toEqual([false, false, false, true]);
      expect(await session.query(`select datakit from ${ledger('objects')} group by datakit`)).toEqual([
        { datakit: 'earlier' },
      ]);
      expect(await deploy(shop)).toMatchObject({ applied: true });
    });

    it('is cleaned up after a failure, too: what the run created and nothing else', async () => {
      await deploy(onlyFilm, { runId: 'earlier run' });
      const session = await open();
      await session.execute(`create table ${quoted('sale')} (id integer)`);
      await expect(deploy(shop, { runId: 'failed run' })).rejects.toThrow();
      expect(await cleanUpRun(database(), 'failed run')).toMatchObject({ droppedDatabase: false });
      expect(await Promise.all(['film', 'copy', 'sale'].map(isThere))).toEqual([true, false, true]);
      expect(await deploy(onlyFilm)).toMatchObject({ applied: false });
    });

    it('is cleaned up by dropping a database whose first deployment failed', async () => {
      const Broken = defineEntity({
        name: 'Broken',
        tableName: 'broken',
        checks: [{ name: 'broken_check', expression: 'no_such_column > 0' }],
        properties: id,
      });
      await expect(deploy(datakitOf([Broken], 'shop'), { runId: 'failed run' })).rejects.toThrow();
      expect(await cleanUpRun(database(), 'failed run')).toEqual({ droppedDatabase: true, droppedTables: [] });
      expect(await database().exists()).toBe(false);
    });

    it('makes anew only the tables of its own datakit', async () => {
      const First = defineEntity({ name: 'First', tableName: 'first', properties: id });
      const first = { ...datakitOf([First], 'earlier'), name: 'earlier' };
      await deploy(first);
      await deploy(onlyFilm);
      const session = await open();
      const table = engine().quoteTable(
        engine().supportsSchemas ? { schema: 'earlier', name: 'first' } : { name: 'earlier_first' },
      );
      await session.execute(`insert into ${table} (id) values (1)`);
      await session.execute(`create table ${quoted('theirs')} (id integer)`);
      await deploy(onlyFilm, { recreate: true });
      expect(await session.query(`select id from ${table}`)).toEqual([{ id: 1 }]);
      expect(await isThere('theirs')).toBe(true);
    });

    it('uses an equal table that somebody made, and never drops it', async () => {
      await deploy(datakitOf([defineEntity({ name: 'First', tableName: 'first', properties: id })], 'shop'), {
        runId: 'first run',
      });
      const session = await open();
      const key = 'id integer not null, primary key (id)';
      await session.execute(`create table ${quoted('theirs')} (${key})`);
      const Theirs = defineEntity({ name: 'Theirs', tableName: 'theirs', properties: id });
      const kit = { ...datakitOf([Theirs], 'shop'), name: 'theirs' };
      expect(await deploy(kit, { runId: 'second run' })).toMatchObject({ applied: false });
      expect(await cleanUpRun(database(), 'second run')).toEqual({ droppedDatabase: false, droppedTables: [] });
      expect(await isThere('theirs')).toBe(true);
    });
  });
}
