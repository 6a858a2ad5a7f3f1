import { defineEntity, p } from '@mikro-orm/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { deployTo } from '../../deploy/deploy.ts';
import type { WatchedServer } from '../../engines/contract/places-contract.ts';
import { bronzeMetadata } from '../../model/bronze-metadata.ts';
import { defineDatakit } from '../../model/datakit.ts';
import { postgresSource } from '../../model/source-definition.ts';
import { table } from '../../model/table.ts';
import { openLoadingKit, type LoadingKit } from './loading-kit.ts';
import { createVisits, visitsKit } from './visits.ts';

const cursor = { column: 'changed' } as const;
const merging = visitsKit({ disposition: 'merge', cursor });
const appending = visitsKit({ disposition: 'append', cursor });
const incremental = { mode: 'incremental' } as const;

/** Loads of what changed since the last one. */
export function describeIncremental(name: string, start: () => Promise<WatchedServer>): void {
  describe(`incremental loads into ${name}`, () => {
    let server: WatchedServer;
    let kit: LoadingKit;
    let tests = 0;
    beforeAll(async () => void (server = await start()));
    afterAll(() => server?.stop());
    beforeEach(async () => {
      kit = await openLoadingKit(server, `incremental_${++tests}`, 'bronze_visits');
      await kit.deploy(merging);
      await kit.source.execute('drop table if exists visit');
      await kit.source.execute(createVisits);
      await visits([1, 'a', '10:00:00.000001'], [2, 'b', '10:00:00.000002'], [3, 'c', '10:00:00.000002']);
    });
    afterEach(async () => {
      await kit[Symbol.asyncDispose]();
    });

    /** Adds or changes rows, each with its time of day. */
    async function visits(...rows: (readonly [number, string, string | null])[]): Promise<void> {
      for (const [id, text, time] of rows) {
        await kit.source.execute(
          `insert into visit (id, name, changed) values (?, ?, ?) on conflict (id) do update set name = excluded.name, changed = excluded.changed`,
          [id, text, time === null ? null : `2024-02-29 ${time}+00`],
        );
      }
    }
    const loaded = async (): Promise<string[]> =>
      (await kit.query('select id, name from {visit} order by id')).map((row) => `${row['id']}${row['name']}`);
    const states = async (): Promise<unknown[]> =>
      (await kit.query('select value from {_datakit.cursors} order by format')).map((row) => row['value']);

    it('read what changed with all of the last value, and leave what is equal as it was', async () => {
      const first = await kit.load(merging, incremental);
      expect(first).toMatchObject({ read: 3, loaded: 3, published: expect.stringMatching(/^insert/) });
      expect(await states()).toEqual(['2024-02-29T10:00:00.000002Z']);
      // A later row of the very value at which the last load ended, a changed one, a new one; one that is behind.
      await visits([4, 'd', '10:00:00.000002'], [1, 'A', '10:00:00.000003'], [5, 'e', '10:00:00.000004']);
      await visits([9, 'late', '09:00:00']);
      const second = await kit.load(merging, incremental);
      expect(second).toMatchObject({ read: 5, published: expect.stringContaining('2 inserted, 1 updated, 0 deleted') });
      expect(await loaded()).toEqual(['1A', '2b', '3c', '4d', '5e']);
      expect(await states()).toEqual(['2024-02-29T10:00:00.000004Z']);
      expect(
        await kit.query('select bronze_load_id as load_id, bronze_extraction_method as way from {visit} order by id'),
      ).toEqual([second, first, first, second, second].map(({ loadId }) => ({ load_id: loadId, way: 'incremental' })));
      expect(await kit.load(merging, incremental)).toMatchObject({
        read: 1,
        published: expect.stringContaining('0 inserted, 0 updated, 0 deleted'),
      });
      expect(
        await kit.query('select extraction_method as way, disposition from {_datakit.loads} order by load_id'),
      ).toEqual([1, 2, 3].map(() => ({ way: 'incremental', disposition: 'merge' })));
      // Only a full snapshot finds what came too late; it lets incremental loads go on behind it.
      await kit.source.execute('delete from visit where id = 5');
      await kit.load(merging);
      expect(await loaded()).toEqual(['1A', '2b', '3c', '4d', '5e', '9late']);
      expect(await states()).toEqual(['2024-02-29T10:00:00.000003Z']);
    });

    it('find late rows within the lag', async () => {
      const lagging = visitsKit({ disposition: 'merge', cursor: { ...cursor, lag: '5 minutes' } });
      await kit.load(lagging, incremental);
      await visits([4, 'in', '09:55:00.000002'], [5, 'out', '09:55:00.000001']);
      await kit.load(lagging, incremental);
      expect(await loaded()).toEqual(['1a', '2b', '3c', '4in']);
      expect(await states()).toEqual(['2024-02-29T10:00:00.000002Z']);
    });

    it('append what is new, double nothing, and leave what is there', async () => {
      await kit.load(appending, incremental);
      await visits([4, 'd', '10:00:00.000002'], [1, 'changed', '10:00:00.000003']);
      await kit.load(appending, incremental);
      expect(await loaded()).toEqual(['1a', '2b', '3c', '4d']);
      // All rows of the value came once more meanwhile, under other keys.
      await kit.source.execute(
        `insert into visit (id, name, changed) select id + 10, 'x', changed from visit where changed = '2024-02-29 10:00:00.000003+00'`,
      );
      await kit.load(appending, incremental);
      await kit.load(appending, incremental);
      expect(await loaded()).toEqual(['1a', '2b', '3c', '4d', '11x']);
    });

    it('append versions of a row where the key says so', async () => {
      const Version = defineEntity({
        name: 'Version',
        tableName: 'version',
        properties: { id: p.integer().primary(), changed: p.datetime(6).primary(), name: p.text(), ...bronzeMetadata },
      });
      const versions = defineDatakit({
        name: 'bronze-visits',
        layer: 'bronze',
        source: postgresSource({ system: 'visits' }),
        tables: [
          table(Version, { source: { table: 'visit' }, load: { disposition: 'append', cursor } }),
          ...merging.tables,
        ],
      });
      await kit.source.execute('alter table visit drop column big, drop column price, drop column word');
      await kit.source.execute('alter table visit alter name set not null');
      await kit.deploy(versions);
      const load = { ...incremental, tables: ['version'] };
      await kit.load(versions, load);
      await visits([1, 'A', '10:00:00.000003']);
      await kit.load(versions, load);
      await kit.load(versions, load);
      expect(
        (await kit.query('select id, name from {version} order by id, changed')).map((row) => row['name']),
      ).toEqual(['a', 'A', 'b', 'c']);
    });

    it.each([
      ['big', ['9007199254740993', '9007199254740994', '-9223372036854775808']],
      ['price', ['12345678901234567890.1234567891', '12345678901234567890.1234567892', '-1.5']],
      ['word', [`é'; --`, `é'; --\\`, 'Z?']],
    ])('keep a cursor in %s exactly', async (column, [least = '', greatest = '', before = '']) => {
      const datakit = visitsKit({ disposition: 'append', cursor: { column, nulls: 'skip' } });
      const set = (id: number, value: string) =>
        kit.source.execute(
          `update visit set ${column} = ?::text::${column === 'word' ? 'text' : 'numeric'} where id = ?`,
          [value, id],
        );
      await set(1, least);
      await kit.load(datakit, incremental);
      const wanted = (value: string) => (column === 'price' ? value.replace(/\.5$/, '.5000000000') : value);
      expect(await states()).toEqual([wanted(least)]);
      await set(2, greatest);
      await set(3, before);
      await kit.load(datakit, incremental);
      expect(await states()).toEqual([wanted(greatest)]);
      expect(await loaded()).toEqual(['1a', '2b']);
    });

    it('refuse, leave out or load rows without a value, as the table says', async () => {
      await visits([4, 'null', null]);
      await kit.source.execute(`insert into visit (id, name, changed) values (5, 'never', 'infinity')`);
      for (const options of [incremental, {}]) {
        await expect(kit.load(merging, options)).rejects.toMatchObject({ code: 'BAD_ROWS' });
      }
      expect(await loaded()).toEqual([]);
      const skipping = visitsKit({ disposition: 'merge', cursor: { ...cursor, nulls: 'skip' } });
      await kit.load(skipping, incremental);
      expect(await loaded()).toEqual(['1a', '2b', '3c']);
      expect(await states()).toEqual(['2024-02-29T10:00:00.000002Z']);
      await kit.load(skipping);
      expect(await loaded()).toEqual(['1a', '2b', '3c']);
      await kit.source.execute('delete from visit where id = 5');
      const loading = visitsKit({ disposition: 'merge', cursor: { ...cursor, nulls: 'load' } });
      await kit.load(loading, incremental);
      await visits([4, 'still null', null]);
      expect(await kit.load(loading, incremental)).toMatchObject({ read: 3 });
      expect(await loaded()).toEqual(['1a', '2b', '3c', '4still null']);
    });

    it('fill in a range and go on where they were', async () => {
      await kit.load(merging, incremental);
      const before = await states();
      await visits([1, 'A', '10:00:00.000001'], [2, 'B', '10:00:00.000002'], [4, 'd', '08:00:00']);
      const backfill = { from: '2024-02-29T08:00Z', to: '2024-02-29 11:00:00.000002+01' };
      expect(await kit.load(merging, backfill)).toMatchObject({ read: 2 });
      expect(await loaded()).toEqual(['1A', '2b', '3c', '4d']);
      expect(await states()).toEqual(before);
      expect(await kit.load(merging, { from: '2024-03-01' })).toMatchObject({ read: 0 });
      expect(await loaded()).toEqual(['1A', '2b', '3c', '4d']);
    });

    it('begin anew after a full refresh, in an empty table, and in one that was made again', async () => {
      await kit.load(merging, incremental);
      await kit.source.execute('delete from visit where id = 3');
      await visits([2, 'b', '09:00:00']);
      expect(await kit.load(appending, { fullRefresh: true })).toMatchObject({ read: 2 });
      expect(await loaded()).toEqual(['1a', '2b']);
      expect(await states()).toEqual(['2024-02-29T10:00:00.000001Z']);
      await kit.query('delete from {visit}');
      await kit.load(merging, incremental);
      expect(await loaded()).toEqual(['1a', '2b']);
      await deployTo(merging, kit.target, { runId: 'run', recreate: true });
      expect(await states()).toEqual([]);
      await kit.source.execute('delete from visit');
      await kit.load(merging, { fullRefresh: true });
      expect(await states()).toEqual([]);
    });

    it('do not go on by another cursor or from another system', async () => {
      await kit.source.execute('update visit set big = id');
      await kit.load(merging, incremental);
      const byNumber = visitsKit({ disposition: 'merge', cursor: { column: 'big' } });
      const renamed = visitsKit({ disposition: 'merge', cursor }, { source: { columns: { moved: 'changed' } } });
      await expect(kit.load(byNumber, incremental)).rejects.toMatchObject({
        code: 'CURSOR_CHANGED',
        message: expect.stringContaining('visits.changed (timestamptz), and its cursor now is visits.big (number)'),
      });
      await kit.source.execute('alter table visit rename changed to moved');
      await expect(kit.load(renamed, incremental)).rejects.toMatchObject({ code: 'CURSOR_CHANGED' });
      expect(await kit.load(renamed, { fullRefresh: true })).toMatchObject({ read: 3 });
      expect(await kit.load(renamed, incremental)).toMatchObject({ read: 2 });
    });
  });
}
