import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { datakitOf } from '../engines/contract/contract-fixture.ts';
import type { Session } from '../engines/session.ts';
import { FilmWithRating, onlyFilm, type Stage } from './stage-contract.ts';

const withRating = datakitOf([FilmWithRating], 'shop');

/** A deployment waits for those who use a table, and keeps nobody else waiting for longer than a few seconds. */
export function busyTablesContract(stage: Stage): void {
  const { engine, deploy, open, quoted, isThere } = stage;

  /** Reads the table in a transaction that stays open. */
  async function startReader(): Promise<Session> {
    const reader = await open();
    await reader.execute('begin');
    await reader.query(`select * from ${quoted('film')}`);
    return reader;
  }

  /** How long the longest of many short reads took, in milliseconds. */
  async function longestRead(until: Promise<unknown>): Promise<number> {
    const session = await open();
    let longest = 0;
    let ended = false;
    void until.then(
      () => (ended = true),
      () => (ended = true),
    );
    while (!ended) {
      const begun = performance.now();
      await session.query(`select id from ${quoted('film')}`);
      longest = Math.max(longest, performance.now() - begun);
      await sleep(50);
    }
    return longest;
  }

  describe('and a reader that stays in the table', () => {
    it('succeeds when the reader ends, and keeps no other reader waiting for longer than the limit', async () => {
      await deploy(onlyFilm);
      const reader = await startReader();
      const ended = sleep(7_000).then(() => reader.execute('commit'));
      const deployed = deploy(withRating, { lockTimeout: 40 });
      const longest = await longestRead(deployed);
      expect(await deployed).toMatchObject({ applied: true, plan: { statements: [{ object: 'film.rating' }] } });
      expect(longest).toBeLessThan(engine().supportsConcurrentWriters ? 5_900 : 1_000);
      await ended;
    }, 60_000);

    // A minute for each engine: DATAKIT_TEST_SLOW=1.
    (process.env['DATAKIT_TEST_SLOW'] ? it : it.skip)(
      'for a minute: fails with LOCKED after its own time, or succeeds when the reader ends',
      async () => {
        if (!engine().supportsConcurrentWriters) return;
        await deploy(onlyFilm);
        const reader = await startReader();
        const ended = sleep(60_000).then(() => reader.execute('commit'));
        const refused = deploy(withRating, { lockTimeout: 20 });
        const refusedReads = longestRead(refused);
        await expect(refused).rejects.toMatchObject({ code: 'LOCKED' });
        const deployed = deploy(withRating, { lockTimeout: 120 });
        const longest = Math.max(await refusedReads, await longestRead(deployed));
        expect(await deployed).toMatchObject({ applied: true });
        expect(longest).toBeLessThan(5_900);
        console.log(`${engine().name}: another reader waited for ${Math.round(longest)} ms at most`);
        await ended;
      },
      180_000,
    );

    it('fails with LOCKED, names the reader where the server tells, and leaves everything as it was', async () => {
      if (!engine().supportsConcurrentWriters) return;
      await deploy(onlyFilm);
      const reader = await startReader();
      const begun = performance.now();
      await expect(deploy(withRating, { lockTimeout: 2 })).rejects.toMatchObject({
        code: 'LOCKED',
        retryable: true,
        message: expect.stringMatching(
          /film, and others used it for \d+ s: process \d+ \([^)]*user \w+[^)]*\) since 20\d\d-/,
        ),
      });
      expect(performance.now() - begun).toBeLessThan(8_000);
      await reader.execute('commit');
      expect(await deploy(withRating, { plan: true })).toMatchObject({
        plan: { statements: [{ object: 'film.rating' }] },
      });
      expect(await isThere('film')).toBe(true);
    }, 60_000);
  });
}
