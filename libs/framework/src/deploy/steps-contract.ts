import { defineEntity, p } from '@mikro-orm/core';
import { describe, expect, it } from '@jest/globals';
import type { Datakit } from '../model/datakit.ts';
import { sqlStep, type SqlStep } from '../model/sql-step.ts';
import { id, onlyFilm, type Stage } from './stage-contract.ts';

const FilmWithLength = defineEntity({
  name: 'Film',
  tableName: 'film',
  properties: { ...id, title: p.text().index(), length: p.integer() },
});

/** Statements by hand are part of the plan, and every database runs them once. */
export function stepsContract(stage: Stage): void {
  const { engine, deploy, open, quoted, ledger, state, isThere } = stage;
  const kit = (steps: readonly SqlStep[], datakit: Datakit = onlyFilm): Datakit => ({ ...datakit, steps });
  const step = (name: string, sql: string, when: 'before' | 'after' = 'after'): SqlStep =>
    sqlStep({ name, when, sql: { default: sql } });
  const insert = (filmId: number): string => `insert into ${quoted('film')} (id, title) values (${filmId}, 'by hand')`;
  const films = async (): Promise<unknown> =>
    (await open()).query(`select id, length from ${quoted('film')} order by id`);

  describe('and statements by hand', () => {
    it('runs them once, in their order, before and after the tables', async () => {
      await deploy(onlyFilm);
      await (await open()).execute(insert(1));
      const strict = { ...onlyFilm, tables: [{ ...onlyFilm.tables[0], entity: FilmWithLength }] } as unknown as Datakit;
      const steps = [
        step('shorten', `update ${quoted('film')} set length = 7 where length = 0`),
        step('fill-length', `update ${quoted('film')} set length = 0 where length is null;\n`, 'before'),
        step('lengthen', `update ${quoted('film')} set length = length * 2`),
      ];
      const { plan } = await deploy(kit(steps, strict), { plan: true });
      const objects = [...new Set(plan.statements.map(({ object }) => object))];
      expect(objects).toEqual(['step fill-length', 'film.length', 'step shorten', 'step lengthen']);
      const allowed = { allowDestructive: ['film.length'] };
      expect(await deploy(kit(steps, strict), allowed)).toMatchObject({ applied: true, plan: { hash: plan.hash } });
      expect(await films()).toEqual([{ id: 1, length: 14 }]);
      const before = await state();
      expect(await deploy(kit(steps, strict))).toMatchObject({ applied: false });
      expect([await films(), await state()]).toEqual([[{ id: 1, length: 14 }], before]);
    });

    it('never prepares rows of a database that was new', async () => {
      const steps = [step('prepare', 'not even sql', 'before'), step('seed', insert(1))];
      expect(await deploy(kit(steps))).toMatchObject({ applied: true, createdDatabase: true });
      expect(await deploy(kit(steps))).toMatchObject({ applied: false });
      expect(await deploy(kit([...steps, step('more', insert(2))]))).toMatchObject({
        applied: true,
        plan: { statements: [{ object: 'step more', class: 'altering' }] },
      });
      expect(await films()).toMatchObject([{ id: 1 }, { id: 2 }]);
    });

    it('refuses one that changed after it was done, and one that this engine has nothing for', async () => {
      await deploy(kit([step('seed', insert(1))]));
      await expect(deploy(kit([step('seed', insert(2))]))).rejects.toMatchObject({
        code: 'DATAKIT_INVALID',
        message: expect.stringContaining('was done in this database already'),
      });
      const other = engine().name === 'postgres' ? 'sqlite' : 'postgres';
      const elsewhere = sqlStep({ name: 'elsewhere', sql: { [other]: 'select 1' } });
      await expect(deploy(kit([elsewhere]))).rejects.toMatchObject({ code: 'DATAKIT_INVALID' });
      const nothing = sqlStep({ name: 'elsewhere', sql: { [other]: 'select 1', [engine().name]: null } });
      expect(await deploy(kit([step('seed', insert(1)), nothing]))).toMatchObject({ applied: false });
      expect(await films()).toMatchObject([{ id: 1 }]);
    });

    it('that fail leave nothing, or what the next deployment goes on with', async () => {
      const steps = [step('seed', insert(1)), step('fail', `insert into ${quoted('film')} (id) values (2)`)];
      await expect(deploy(kit(steps))).rejects.toMatchObject({
        code: 'TARGET_FAILED',
        message: expect.stringContaining('(step fail).'),
      });
      expect(await isThere('film')).toBe(!engine().supportsTransactionalDdl);
      expect(await deploy(kit([step('seed', insert(1)), step('fail', insert(2))]))).toMatchObject({ applied: true });
      expect(await films()).toMatchObject([{ id: 1 }, { id: 2 }]);
      const done = await (await open()).query(`select object from ${ledger('objects')} where kind = 'step'`);
      expect(done).toHaveLength(2);
    });
  });
}
