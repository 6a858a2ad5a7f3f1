import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { datakitOf } from '../engines/contract/contract-fixture.ts';
import type { Datakit } from '../model/datakit.ts';
import { planFileText, writePlanFile } from './plan-file.ts';
import { FilmWithoutLength, FilmWithRating, onlyFilm, shop, type Stage } from './stage-contract.ts';

const withRating = datakitOf([FilmWithRating], 'shop');

/** A plan that was written is done exactly, or not at all. */
export function planFileContract(stage: Stage): void {
  const { deploy, state, open, quoted, engine } = stage;
  let folder: string;
  let planFile: string;
  // Not before: where the tests of an engine are skipped, nothing would remove the folder.
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'datakit-plans-'));
    planFile = join(folder, 'plans', 'shop.test.plan.sql');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const write = async (datakit: Datakit): Promise<string> => {
    const { plan } = await deploy(datakit, { plan: true });
    writePlanFile(planFile, planFileText(plan, 'test', engine().name));
    return plan.hash;
  };

  describe('and a plan in a file', () => {
    it('does that plan, also when the file came through a system with other line ends, and once more as nothing to do', async () => {
      const hash = await write(shop);
      writeFileSync(planFile, readFileSync(planFile, 'utf8').replaceAll('\n', '\r\n'));
      expect(await deploy(shop, { planFile })).toMatchObject({ applied: true, createdDatabase: true, plan: { hash } });
      expect(await deploy(shop, { planFile })).toMatchObject({ applied: false, plan: { statements: [] } });
      await write(shop);
      expect(readFileSync(planFile, 'utf8')).toContain('-- nothing to do');
      expect(await deploy(shop, { planFile })).toMatchObject({ applied: false });
    });

    it('shows each statement with its class and what it costs', async () => {
      await deploy(shop);
      const session = await open();
      for (const id of [1, 2]) await session.execute(`insert into ${quoted('film')} (id, title) values (${id}, 'a')`);
      await write(datakitOf([FilmWithoutLength], 'shop'));
      const text = readFileSync(planFile, 'utf8');
      expect(text).toMatch(/^-- destructive: film\.length$/m);
      expect(text).toMatch(/^-- target: test \(\w+\)$/m);
      expect(text).toMatch(/^-- +(rewrites|changes only the catalogue)[^\n]*; blocks [^\n]+ \([^\n]+\)$/m);
    });

    it('refuses a plan when the database changed since, and says so', async () => {
      await deploy(onlyFilm);
      await write(withRating);
      const session = await open();
      await session.execute(`create index by_hand on ${quoted('film')} (length)`);
      const before = await state();
      await expect(deploy(withRating, { planFile })).rejects.toMatchObject({
        code: 'PLAN_STALE',
        message: expect.stringContaining('the database changed since'),
      });
      expect(await state()).toEqual(before);
    });

    it('refuses a plan when the datakit changed since, and names what is different', async () => {
      await write(onlyFilm);
      await expect(deploy(withRating, { planFile })).rejects.toMatchObject({
        code: 'PLAN_STALE',
        message: expect.stringMatching(/the datakit changed since\. No longer needed: film\. Needed now: film\./),
      });
      expect(await stage.database().exists()).toBe(false);
    });

    it.each([
      ['was edited', (text: string) => text.replace('create table', 'create  table')],
      ['was edited', (text: string) => text.replace('-- additive', '-- harmless')],
      ['was edited', (text: string) => text.slice(0, -20)],
      ['is not a plan', () => 'drop table film;'],
      ['is not a plan', () => ''],
    ])('refuses a file that %s', async (message, edit) => {
      await write(onlyFilm);
      writeFileSync(planFile, edit(readFileSync(planFile, 'utf8')));
      await expect(deploy(onlyFilm, { planFile })).rejects.toMatchObject({
        code: 'PLAN_INVALID',
        message: expect.stringContaining(message),
      });
      expect(await stage.database().exists()).toBe(false);
    });

    it('refuses to go on without its file', async () => {
      await expect(deploy(onlyFilm, { planFile: join(folder, 'none.sql') })).rejects.toMatchObject({
        code: 'PLAN_INVALID',
        message: expect.stringContaining('There is no plan'),
      });
    });
  });
}
