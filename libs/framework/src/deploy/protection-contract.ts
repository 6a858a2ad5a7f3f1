import { describe, expect, it } from '@jest/globals';
import { checkCleanUp } from './disposable.ts';
import { cleanUpRun } from './clean-up.ts';
import { deployTo } from './deploy.ts';
import { onlyFilm, shop, type Stage } from './stage-contract.ts';

/** A protected database is never made, made anew or dropped by us, whichever way leads to it. */
export function protectionContract(stage: Stage): void {
  const { database, reach, deploy, open, ledger, state, plainDatabase } = stage;
  const kind = async (): Promise<unknown> =>
    (await (await open()).query<{ kind: unknown }>(`select kind from ${ledger('database')}`))[0]?.kind;
  const refused = { code: 'NOT_DISPOSABLE', message: expect.stringContaining('this database is protected') };

  describe('and a protected target', () => {
    it('does not make its database, and says what to do', async () => {
      const live = await reach({ protected: true });
      for (const plan of [true, false]) {
        await expect(deployTo(onlyFilm, live, { runId: 'run', plan })).rejects.toMatchObject({
          code: 'TARGET_UNREACHABLE',
          message: expect.stringContaining('never created by us'),
        });
      }
      await expect(checkCleanUp(live)).rejects.toMatchObject(refused);
      await expect(deployTo(onlyFilm, live, { runId: 'run', recreate: true })).rejects.toMatchObject(refused);
      expect(await live.exists()).toBe(false);
    });

    it('never drops a database that was once deployed through it, not by another target either', async () => {
      await plainDatabase();
      const { plan } = await deploy(shop, { plan: true });
      await deployTo(shop, await reach({ protected: true }), { runId: 'run', approve: [plan.hash] });
      expect(await kind()).toBe('protected');
      const before = await state();
      for (const way of [await reach({ protected: true }), await reach({ protected: false })]) {
        await expect(checkCleanUp(way)).rejects.toMatchObject(refused);
        await expect(cleanUpRun(way, 'run')).rejects.toMatchObject(refused);
        await expect(deployTo(shop, way, { runId: 'run', recreate: true })).rejects.toMatchObject(refused);
      }
      expect(await state()).toEqual(before);
    });

    it('makes a disposable and a plain database protected for ever', async () => {
      await deploy(onlyFilm);
      expect(await kind()).toBe('disposable');
      await deployTo(onlyFilm, await reach({ protected: true }), { runId: 'later run' });
      expect(await kind()).toBe('protected');
      await deploy(onlyFilm);
      expect(await kind()).toBe('protected');
      await expect(cleanUpRun(database(), 'run')).rejects.toMatchObject(refused);
    });
  });

  describe('and the bookkeeping of an earlier version', () => {
    it('is read as it is and completed by the next deployment', async () => {
      await deploy(onlyFilm);
      const session = await open();
      await session.execute(`alter table ${ledger('database')} drop column expires_at`);
      const before = await state();
      expect(await deploy(onlyFilm, { plan: true })).toMatchObject({ plan: { statements: [] } });
      expect(await state()).toEqual(before);
      expect(await deploy(onlyFilm)).toMatchObject({ applied: false });
      expect(await session.query(`select kind, created_by_run, expires_at from ${ledger('database')}`)).toEqual([
        { kind: 'disposable', created_by_run: 'run', expires_at: null },
      ]);
    });
  });
}
