import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../engines/engine.ts';
import type { WatchedServer } from '../../engines/contract/places-contract.ts';
import { DatakitError } from '../../errors/datakit-error.ts';
import { rowCount } from '../../model/expectations.ts';
import type { IngestEvent } from '../ingest-request.ts';
import { openLoadingKit, type LoadingKit } from './loading-kit.ts';
import { createVisits, visitsKit } from './visits.ts';

const cursor = { column: 'changed' } as const;
const merging = visitsKit({ disposition: 'merge', cursor });
const incremental = { mode: 'incremental' } as const;

/** Loads that commit several times, and wishes that no load can fulfil. */
export function describeBatches(name: string, start: () => Promise<WatchedServer>): void {
  describe(`incremental loads into ${name}`, () => {
    let server: WatchedServer;
    let kit: LoadingKit;
    let tests = 0;
    beforeAll(async () => void (server = await start()));
    afterAll(() => server?.stop());
    beforeEach(async () => {
      kit = await openLoadingKit(server, `batches_${++tests}`, 'bronze_visits');
      await kit.deploy(merging);
      await kit.source.execute('drop table if exists visit');
      await kit.source.execute(createVisits);
    });
    afterEach(async () => {
      await kit[Symbol.asyncDispose]();
    });

    it('commit in batches, and go on behind the last one that was committed', async () => {
      // 10,000 rows of one value, with 2,500 before and as many behind.
      await kit.source.execute(
        `insert into visit (id, name, changed) select n, 'n' || n, '2024-02-29 12:00:00+00'::timestamptz + interval '1 microsecond' * greatest(0, least(n, 2501) + greatest(0, n - 12500))
         from generate_series(1, 15000) n`,
      );
      const load = { disposition: 'append', cursor: { ...cursor, batchRows: 1000 } } as const;
      const count = async (): Promise<number> =>
        Number((await kit.query('select count(*) as n from {visit}'))[0]?.['n']);
      // Each run is stopped by an expectation in a batch behind the last one that another run stopped in.
      const ends: number[] = [];
      const reported: unknown[] = [];
      const onEvent = (event: IngestEvent): void => {
        if (event.kind === 'table') reported.push(event.table);
      };
      for (const most of [999, 1999, 2999, 12_999, 13_999, 14_999]) {
        const stopped = visitsKit(load, { expect: [rowCount({ max: most })] as never });
        await expect(kit.load(stopped, { ...incremental, onEvent })).rejects.toMatchObject({ code: 'CHECK_FAILED' });
        ends.push(await count());
      }
      expect(ends).toEqual([0, 1000, 1999, 12_500, 13_500, 14_499]);
      expect(reported).toHaveLength(6);
      expect(reported[0]).toMatchObject({ table: 'visit', status: 'failed', loaded: 0, published: 'nothing' });
      expect(reported[1]).toMatchObject({
        table: 'visit',
        status: 'failed',
        loaded: 1000,
        published: 'the first batch',
      });
      expect(await kit.load(visitsKit(load), incremental)).toMatchObject({
        read: 502,
        published: expect.stringMatching(/append: 501 inserted/),
      });
      expect(
        await kit.query(
          'select count(*) as n, count(distinct id) as ids, min(id) as least, max(id) as most from {visit}',
        ),
      ).toEqual([{ n: expect.anything(), ids: expect.anything(), least: 1, most: 15_000 }]);
      expect(await count()).toBe(15_000);
    });

    it('are in the table once, where the answer to their commit is lost', async () => {
      await kit.source.execute(`insert into visit (id, name) select n, 'n' || n from generate_series(1, 500) n`);
      const { engine } = kit.target;
      const lost: string[] = [];
      const losing: Engine['transaction'] = async (session, request, work) => {
        const result = await engine.transaction(session, request, work);
        if (lost.push('an answer') > 1) return result;
        throw new DatakitError({ code: 'TARGET_UNREACHABLE', message: 'The line is cut.', retryable: true });
      };
      Object.defineProperty(kit.target, 'engine', { value: { ...engine, transaction: losing } });
      try {
        // Appended without a key, rows that are there already would be added once more.
        expect(await kit.load(visitsKit({ disposition: 'append' }))).toMatchObject({ loaded: 500, attempts: 2 });
      } finally {
        Object.defineProperty(kit.target, 'engine', { value: engine });
      }
      const [rows] = await kit.query('select count(*) as n, count(distinct bronze_load_id) as loads from {visit}');
      expect([Number(rows?.['n']), Number(rows?.['loads'])]).toEqual([500, 1]);
      const [loads] = await kit.query('select count(*) as n from {_datakit.loads}');
      expect(Number(loads?.['n'])).toBe(1);
    });

    it.each([
      ['--from', { from: '2024-01-01' }, visitsKit({ disposition: 'merge' }), 'has none'],
      ['--mode=incremental', incremental, visitsKit({ disposition: 'merge' }), 'no table has one'],
      ['--from', { from: 'yesterday' }, merging, 'no timestamp(6) with time zone|no timestamp with time zone'],
      ['--from', { from: '2024-01-01', mode: 'full_snapshot' }, merging, 'Leave one out'],
      ['--fullRefresh', { fullRefresh: true, disposition: 'append' }, merging, 'Leave one out'],
      ['--disposition', { ...incremental, disposition: 'replace' }, merging, 'take the place of all'],
    ] as const)('refuse %s that makes no sense', async (_, options, datakit, why) => {
      const error = await kit.load(datakit, options).then(
        () => undefined,
        (thrown: unknown) => thrown as { code: string; message: string; hint: string },
      );
      expect(error).toMatchObject({ code: 'OPTION_INVALID' });
      expect(`${error?.message} ${error?.hint}`).toMatch(new RegExp(why.replaceAll(/[()]/g, '\\$&')));
    });
  });
}
