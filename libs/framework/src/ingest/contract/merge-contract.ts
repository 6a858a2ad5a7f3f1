import { defineEntity, p } from '@mikro-orm/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { WatchedServer } from '../../engines/contract/places-contract.ts';
import { bronzeMetadata } from '../../model/bronze-metadata.ts';
import { defineDatakit, type Datakit } from '../../model/datakit.ts';
import type { LoadOptions } from '../../model/load-options.ts';
import { temporalTable } from '../../model/mixins.ts';
import { postgresSource } from '../../model/source-definition.ts';
import { table } from '../../model/table.ts';
import { openLoadingKit, type LoadingKit } from './loading-kit.ts';

const columns = {
  id: p.integer().primary().autoincrement(false),
  code: p.string().length(20),
  name: p.text().nullable(),
};
const Plain = defineEntity({ name: 'Plain', tableName: 'item', properties: { ...columns, ...bronzeMetadata } });
const Marked = defineEntity({
  name: 'Marked',
  tableName: 'item',
  properties: { ...columns, gone_at: p.datetime(6).nullable(), ...bronzeMetadata },
});
const Kept = defineEntity({
  name: 'Kept',
  tableName: 'item',
  properties: { ...columns, ...bronzeMetadata, ...temporalTable },
});

function kitOf(entity: typeof Plain | typeof Marked | typeof Kept, load: LoadOptions): Datakit {
  const source = postgresSource({ system: 'shop' });
  const tables = [table(entity as typeof Plain, { load: { disposition: 'merge', ...load } as never })];
  return defineDatakit({ name: 'bronze-shop', layer: 'bronze', source, tables });
}

/** Rows that are known again by a key. */
export function describeMerge(name: string, start: () => Promise<WatchedServer>): void {
  describe(`rows merged into ${name}`, () => {
    let server: WatchedServer;
    let kit: LoadingKit;
    let tests = 0;
    beforeAll(async () => void (server = await start()));
    afterAll(() => server?.stop());
    beforeEach(async () => {
      kit = await openLoadingKit(server, `merge_${++tests}`, 'bronze_shop');
      await kit.source.execute('drop table if exists item');
      await kit.source.execute('create table item (id integer, code varchar(20) not null, name text)');
      await kit.source.execute(`insert into item values (1, 'a', 'one'), (2, 'A', 'two'), (3, 'é ', null)`);
    });
    afterEach(async () => {
      await kit[Symbol.asyncDispose]();
    });
    const names = async (condition = '1 = 1'): Promise<string[]> =>
      (await kit.query(`select id, name from {item} where ${condition} order by id`)).map(
        (row) => `${row['id']} ${row['name']}`,
      );
    const change = async (): Promise<void> => {
      await kit.source.execute(`delete from item where id = 1`);
      await kit.source.execute(`update item set name = 'three' where id = 3`);
      await kit.source.execute(`insert into item values (4, 'b', 'four')`);
    };

    it.each([
      ['keep', ['1 one', '2 two', '3 three', '4 four'], '1 inserted, 1 updated, 0 deleted'],
      ['delete', ['2 two', '3 three', '4 four'], '1 inserted, 1 updated, 1 deleted'],
    ] as const)('%s those that are gone from the source', async (gone, after, how) => {
      const datakit = kitOf(Plain, { gone });
      await kit.deploy(datakit);
      await kit.load(datakit);
      await change();
      expect((await kit.load(datakit)).published).toContain(how);
      expect(await names()).toEqual(after);
      expect((await kit.load(datakit)).published).toContain('0 inserted, 0 updated, 0 deleted');
    });

    it('mark those that are gone from the source, once, until they come back', async () => {
      const datakit = kitOf(Marked, { gone: { mark: 'gone_at' } });
      await kit.deploy(datakit);
      await kit.load(datakit);
      await change();
      const { published } = await kit.load(datakit);
      expect(published).toContain('1 inserted, 1 updated, 0 deleted, 1 marked as gone');
      expect(await names('gone_at is not null')).toEqual(['1 one']);
      const marked = await kit.query('select gone_at from {item} where id = 1');
      expect((await kit.load(datakit)).published).toMatch(/: 0 inserted, 0 updated, 0 deleted$/);
      expect(await kit.query('select gone_at from {item} where id = 1')).toEqual(marked);
      await kit.source.execute(`insert into item values (1, 'a', 'one')`);
      expect((await kit.load(datakit)).published).toContain('0 inserted, 1 updated, 0 deleted');
      expect(await names('gone_at is not null')).toEqual([]);
      expect(await names()).toEqual(['1 one', '2 two', '3 three', '4 four']);
    });

    it('are known by another key than the primary one, letter for letter, and refused where it has two rows', async () => {
      const datakit = kitOf(Plain, { key: ['code'] });
      await kit.deploy(datakit);
      await kit.load(datakit);
      await kit.source.execute(`update item set id = 20, name = 'TWO' where code = 'A'`);
      expect((await kit.load(datakit)).published).toContain('0 inserted, 1 updated');
      expect(await names()).toEqual(['1 one', '3 null', '20 TWO']);
      await kit.source.execute(`insert into item values (21, 'A', 'twice')`);
      await expect(kit.load(datakit)).rejects.toMatchObject({ code: expect.stringMatching(/BAD_ROWS|TARGET_FAILED/) });
      expect(await names()).toEqual(['1 one', '3 null', '20 TWO']);
      await kit.query('delete from {item}');
      await expect(kit.load(datakit)).rejects.toMatchObject({ code: expect.stringMatching(/BAD_ROWS|TARGET_FAILED/) });
      expect(await names()).toEqual([]);
    });

    it('write a history of what became different, and none for the same content', async () => {
      const datakit = kitOf(Kept, { gone: 'delete' });
      const history = async (): Promise<unknown[]> =>
        (await kit.query('select operation_type as o, id from {item__history} order by history_id')).map(
          (row) => `${String(row['o'])} ${String(row['id'])}`,
        );
      await kit.deploy(datakit);
      await kit.load(datakit);
      expect((await history()).toSorted()).toEqual(['INSERT 1', 'INSERT 2', 'INSERT 3']);
      await kit.load(datakit);
      expect(await history()).toHaveLength(3);
      await change();
      await kit.load(datakit);
      expect((await history()).slice(3).toSorted()).toEqual(['DELETE 1', 'INSERT 4', 'UPDATE 3']);
      await kit.load(datakit);
      expect(await history()).toHaveLength(6);
    });

    it('are added once more by append of a full snapshot, or refused by the table', async () => {
      const datakit = kitOf(Plain, { disposition: 'append' });
      await kit.deploy(datakit);
      await kit.load(datakit);
      await expect(kit.load(datakit)).rejects.toMatchObject({ code: expect.stringMatching(/BAD_ROWS|TARGET_FAILED/) });
      await kit.source.execute('update item set id = id + 10');
      expect((await kit.load(datakit)).published).toMatch(/^insert/);
      expect(await names()).toEqual(['1 one', '2 two', '3 null', '11 one', '12 two', '13 null']);
    });
  });
}
