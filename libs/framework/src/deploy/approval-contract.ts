import { describe, expect, it } from '@jest/globals';
import { datakitOf } from '../engines/contract/contract-fixture.ts';
import { deployTo } from './deploy.ts';
import { FilmWithoutLength, FilmWithRating, onlyFilm, type Stage } from './stage-contract.ts';

const withRating = datakitOf([FilmWithRating], 'shop');
const withoutLength = datakitOf([FilmWithoutLength], 'shop');

/** A protected database is only changed by the plan that was approved, whichever way leads to it. */
export function approvalContract(stage: Stage): void {
  const { reach, deploy, state, plainDatabase, quoted } = stage;

  describe('and approval', () => {
    it('takes the first deployment to a protected target only with the hash of its plan', async () => {
      await plainDatabase();
      const live = await reach({ protected: true });
      const before = await state();
      const { plan, isProtected } = await deployTo(onlyFilm, live, { runId: 'run', plan: true });
      expect([isProtected, plan.hash]).toEqual([true, expect.stringMatching(/^[0-9a-f]{16}$/)]);
      for (const approve of [[], ['0123456789abcdef']]) {
        await expect(deployTo(onlyFilm, live, { runId: 'run', approve, command: 'deploy it' })).rejects.toMatchObject({
          code: 'NEEDS_APPROVAL',
          hint: expect.stringContaining(`deploy it --approve=${plan.hash}`),
          plan: { hash: plan.hash, statements: plan.statements },
        });
        expect(await state()).toEqual(before);
      }
      const applied = await deployTo(onlyFilm, live, { runId: 'run', approve: ['0123456789abcdef', plan.hash] });
      expect(applied).toMatchObject({ applied: true, plan: { hash: plan.hash } });
    });

    it('holds for every way to the database, and only where something is to be done', async () => {
      await plainDatabase();
      const live = await reach({ protected: true });
      const first = await deployTo(onlyFilm, live, { runId: 'run', plan: true });
      await deployTo(onlyFilm, live, { runId: 'run', approve: [first.plan.hash] });
      const before = await state();
      for (const database of [live, await reach({ protected: false }), stage.database()]) {
        expect(await deployTo(onlyFilm, database, { runId: 'later' })).toMatchObject({ applied: false });
        await expect(deployTo(withRating, database, { runId: 'later' })).rejects.toMatchObject({
          code: 'NEEDS_APPROVAL',
          plan: { statements: [{ object: 'film.rating', class: 'additive' }] },
        });
        await expect(
          deployTo(withRating, database, { runId: 'later', approve: [first.plan.hash] }),
        ).rejects.toMatchObject({ code: 'NEEDS_APPROVAL', message: expect.stringContaining(first.plan.hash) });
      }
      expect(await state()).toEqual(before);
    });

    it('does not make a destructive plan harmless: it has to be named as well', async () => {
      await plainDatabase();
      const live = await reach({ protected: true });
      const first = await deployTo(onlyFilm, live, { runId: 'run', plan: true });
      await deployTo(onlyFilm, live, { runId: 'run', approve: [first.plan.hash] });
      const before = await state();
      const { plan } = await deploy(withoutLength, { plan: true });
      await expect(deploy(withoutLength, { allowDestructive: ['film.length'] })).rejects.toMatchObject({
        code: 'NEEDS_APPROVAL',
        hint: expect.stringContaining(`--approve=${plan.hash} --allowDestructive=film.length`),
      });
      await expect(deploy(withoutLength, { approve: [plan.hash] })).rejects.toMatchObject({ code: 'DESTRUCTIVE' });
      expect(await state()).toEqual(before);
      const options = { approve: [plan.hash], allowDestructive: ['film.length'] };
      expect(await deploy(withoutLength, options)).toMatchObject({ applied: true });
    });

    it('ends with the live structure that it was given for', async () => {
      await plainDatabase();
      const live = await reach({ protected: true });
      const first = await deployTo(onlyFilm, live, { runId: 'run', plan: true });
      await deployTo(onlyFilm, live, { runId: 'run', approve: [first.plan.hash] });
      const { plan } = await deploy(withRating, { plan: true });
      expect((await deploy(withRating, { plan: true })).plan.hash).toBe(plan.hash);
      const session = await stage.open();
      await session.execute(`create index by_hand on ${quoted('film')} (length)`);
      await expect(deploy(withRating, { approve: [plan.hash] })).rejects.toMatchObject({ code: 'NEEDS_APPROVAL' });
    });
  });
}
