import { defineEntity } from '@mikro-orm/core';
import { describe, expect, it } from '@jest/globals';
import { datakitOf } from '../engines/contract/contract-fixture.ts';
import type { WatchedServer } from '../engines/contract/places-contract.ts';
import { approvalContract } from './approval-contract.ts';
import { busyTablesContract } from './busy-tables-contract.ts';
import { dependantsContract } from './dependants-contract.ts';
import { destructionContract } from './destruction-contract.ts';
import { disposalContract } from './disposal-contract.ts';
import { planFileContract } from './plan-file-contract.ts';
import { protectionContract } from './protection-contract.ts';
import { grantsContract } from './grants-contract.ts';
import { renamesContract } from './renames-contract.ts';
import { viewsContract } from './views-contract.ts';
import { FilmWithoutLength, FilmWithRating, id, onlyFilm, shop, stageOn } from './stage-contract.ts';
import { stepsContract } from './steps-contract.ts';

/** What deployments do to a real database of each engine. */
export function describeDeploy(name: string, start: () => Promise<WatchedServer>): void {
  describe(`a deployment to ${name}`, () => {
    const stage = stageOn(start);
    const { engine, database, deploy, open, quoted, ledger, state, isThere } = stage;
    disposalContract(stage);
    dependantsContract(stage);
    viewsContract(stage);
    renamesContract(stage);
    grantsContract(stage);
    protectionContract(stage);
    approvalContract(stage);
    destructionContract(stage);
    busyTablesContract(stage);
    planFileContract(stage);
    stepsContract(stage);

    it('makes the database and all tables, and says so once', async () => {
      expect(await deploy(shop)).toMatchObject({
        applied: true,
        createdDatabase: true,
        plan: { newTables: ['film', 'copy', 'sale'] },
      });
      const session = await open();
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
      expect(await database().exists()).toBe(false);
      const applied = await deploy(shop);
      expect(planned.plan.statements).toEqual(applied.plan.statements);
      const before = await state();
      expect((await deploy(datakitOf([FilmWithRating], 'shop'), { plan: true })).plan.destructive).toEqual([
        'sale',
        'copy',
      ]);
      expect(await state()).toEqual(before);
    });

    it('leaves alone what somebody added by hand: a column, an index, a table, a view', async () => {
      await deploy(onlyFilm);
      const session = await open();
      await session.execute(`alter table ${quoted('film')} add column by_hand varchar(20)`);
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
      const session = await open();
      for (const table of ['sale', 'copy']) await session.execute(`drop table ${quoted(table)}`);
      expect(await deploy(onlyFilm)).toMatchObject({ applied: false, plan: { destructive: [] } });
      await session.execute(`create table ${quoted('copy')} (other text)`);
      expect((await deploy(datakitOf([FilmWithRating], 'shop'))).plan.destructive).toEqual([]);
      expect(await isThere('copy')).toBe(true);
    });

    it('makes again what somebody dropped, with or without its schema', async () => {
      await deploy(shop);
      const session = await open();
      await session.execute(`drop table ${quoted('sale')}`);
      expect(await deploy(shop)).toMatchObject({ applied: true, plan: { newTables: ['sale'] } });
      for (const table of ['sale', 'copy', 'film']) await session.execute(`drop table ${quoted(table)}`);
      if (engine().supportsSchemas) await session.execute('drop schema shop');
      expect(await deploy(shop)).toMatchObject({ applied: true, plan: { newTables: ['film', 'copy', 'sale'] } });
    });

    it('refuses a table of another datakit, and one that somebody made and that looks different', async () => {
      await deploy({ ...onlyFilm, name: 'other' });
      const session = await open();
      await expect(deploy(onlyFilm)).rejects.toMatchObject({
        code: 'DATAKIT_INVALID',
        message: expect.stringContaining('"other"'),
      });
      await session.execute(`create table ${quoted('theirs')} (id text, more text)`);
      const Theirs = defineEntity({ name: 'Theirs', tableName: 'theirs', properties: id });
      await expect(deploy(datakitOf([Theirs], 'shop'))).rejects.toMatchObject({ code: 'DRIFT' });
      expect(await session.query(`select id, more from ${quoted('theirs')}`)).toEqual([]);
    });

    it('that fails in the middle leaves nothing, or what the next one goes on with', async () => {
      const Good = defineEntity({ name: 'Good', tableName: 'good', properties: id });
      const Bad = defineEntity({
        name: 'Bad',
        tableName: 'bad',
        properties: id,
        checks: [{ name: 'c', expression: 'no_such_column > 0' }],
      });
      await expect(deploy(datakitOf([Good, Bad], 'shop'))).rejects.toMatchObject({ code: 'TARGET_FAILED' });
      const session = await open();
      const isKept = !engine().supportsTransactionalDdl;
      expect(await isThere('good')).toBe(isKept);
      const tables = await session.query(`select object from ${ledger('objects')} where kind = 'table'`);
      expect(tables).toEqual(isKept ? [{ object: 'shop_good' }] : []);
      const Mended = defineEntity({ name: 'Bad', tableName: 'bad', properties: id });
      expect(await deploy(datakitOf([Good, Mended], 'shop'))).toMatchObject({ applied: true });
      expect(await deploy(datakitOf([Good, Mended], 'shop'))).toMatchObject({ applied: false });
    });
  });
}
