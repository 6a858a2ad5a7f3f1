import { defineEntity, p } from '@mikro-orm/core';
import { describe, expect, it } from '@jest/globals';
import { datakitOf } from '../engines/contract/contract-fixture.ts';
import type { Datakit } from '../model/datakit.ts';
import { table } from '../model/table.ts';
import { sqlView } from '../model/view.ts';
import { id, type Stage } from './stage-contract.ts';

const Movie = defineEntity({
  name: 'Movie',
  tableName: 'movie',
  properties: {
    ...id,
    name: p.text().index(),
    rating: p.enum(['G', 'R']).default('G'),
    length: p.integer().nullable(),
  },
});
const Rental = defineEntity({
  name: 'Rental',
  tableName: 'rental',
  properties: { ...id, movie: () => p.manyToOne(Movie).deleteRule('cascade') },
});
const Film = defineEntity({
  name: 'Film',
  tableName: 'film',
  properties: {
    ...id,
    title: p.text().index(),
    grade: p.enum(['G', 'R']).default('G'),
    length: p.integer().nullable(),
    year: p.integer().nullable(),
  },
});
const FilmRental = defineEntity({
  name: 'Rental',
  tableName: 'rental',
  properties: { ...id, film: () => p.manyToOne(Film).deleteRule('cascade') },
});
const Titles = defineEntity({ name: 'Titles', tableName: 'titles', properties: { name: p.text().primary() } });

const before = datakitOf(
  [Movie, Rental, table(Titles, { build: sqlView({ movie: Movie }, ({ movie }) => `select name from ${movie}`) })],
  'shop',
);
const renamed = {
  film: { renamedFrom: 'movie', columns: { title: { renamedFrom: 'name' }, grade: { renamedFrom: 'rating' } } },
  rental: { columns: { film: { renamedFrom: 'movie' } } },
} as const;
const after: Datakit = datakitOf(
  [
    table(Film, renamed.film),
    table(FilmRental, renamed.rental),
    table(Titles, { build: sqlView({ film: Film }, ({ film }) => `select title as name from ${film}`) }),
  ],
  'shop',
);

/** A declared rename keeps the rows and all that hangs on them. */
export function renamesContract(stage: Stage): void {
  const { engine, deploy, open, quoted, isThere, ledger } = stage;

  async function deployWithRows(): Promise<Awaited<ReturnType<typeof open>>> {
    await deploy(before);
    const session = await open();
    await session.execute(`insert into ${quoted('movie')} (id, name, length) values (1, 'A', 90), (2, 'B', 120)`);
    await session.execute(`insert into ${quoted('rental')} (id, movie) values (10, 1), (11, 2)`);
    return session;
  }

  describe('and declared renames', () => {
    it('keeps rows, relations, indexes, views and triggers, once', async () => {
      const session = await deployWithRows();
      await session.execute(`create table ${quoted('log')} (text text)`);
      await stage.createTrigger('movie', 'log', 'id');
      await session.execute(
        `create view ${quoted('by_hand')} as select m.name as called, r.id as rental from ${quoted('movie')} m join ${quoted('rental')} r on r.movie = m.id where m.name <> 'movie'`,
      );
      const { plan, applied } = await deploy(after);
      expect(applied).toBe(true);
      expect(plan.destructive).toEqual([]);
      expect(plan.newTables).toEqual([]);
      expect(await isThere('movie')).toBe(false);
      expect(await session.query(`select id, title, grade from ${quoted('film')} order by id`)).toMatchObject([
        { id: 1, title: 'A', grade: 'G' },
        { id: 2, title: 'B', grade: 'G' },
      ]);
      expect((await session.query(`select * from ${quoted('by_hand')}`)).length).toBe(2);
      expect(
        (await session.query(`select name from ${quoted('titles')} order by name`)).map(({ name }) => name),
      ).toEqual(['A', 'B']);
      await session.execute(`insert into ${quoted('film')} (id, title) values (3, 'C')`);
      expect(await session.query(`select text from ${quoted('log')}`)).toEqual([{ text: '3' }]);
      await expect(
        session.execute(`insert into ${quoted('film')} (id, title, grade) values (4, 'D', 'X')`),
      ).rejects.toThrow();
      await expect(session.execute(`insert into ${quoted('rental')} (id, film) values (12, 99)`)).rejects.toThrow();
      await session.execute(`delete from ${quoted('film')} where id = 1`);
      expect(await session.query(`select id from ${quoted('rental')}`)).toMatchObject([{ id: 11 }]);
      expect(await deploy(after)).toMatchObject({ applied: false, plan: { statements: [] } });
      expect((await deploy(after, { plan: true })).plan.statements).toEqual([]);
      expect(await session.query(`select object from ${ledger('objects')} where object like '%movie.%'`)).toEqual([]);
      const [film] = await engine().readTables(session, [stage.physical('film')]);
      expect(film?.indexes.filter(({ columns }) => columns.includes('title'))).toHaveLength(1);
      // What is done stays declared without effect, also for a new database.
      expect(
        (await deploy(datakitOf(after.tables.slice(0, 2), 'shop'), { allowDestructive: ['titles'] })).plan.destructive,
      ).toEqual(['titles']);
    });

    it('is shown first with --plan, which changes nothing', async () => {
      await deployWithRows();
      const { plan } = await deploy(after, { plan: true });
      expect(plan.isAll).toBe(false);
      expect(plan.statements.map(({ sql }) => sql).join('\n')).toMatch(/rename/);
      expect(await isThere('movie')).toBe(true);
      expect(await deploy(after)).toMatchObject({ applied: true });
    });

    it('makes a new table where the old one never was', async () => {
      expect((await deploy(after)).plan.newTables).toContain('film');
      expect(await deploy(after)).toMatchObject({ applied: false });
    });

    it('refuses where both names are there, and a table that is not ours', async () => {
      const session = await deployWithRows();
      await session.execute(`create table ${quoted('film')} (id integer)`);
      await expect(deploy(after)).rejects.toMatchObject({
        code: 'DRIFT',
        message: expect.stringContaining('both are there'),
      });
      expect((await session.query(`select id from ${quoted('movie')}`)).length).toBe(2);
      await session.execute(`create table ${quoted('theirs')} (id integer)`);
      const Own = defineEntity({ name: 'Own', tableName: 'own', properties: id });
      const kit = { ...datakitOf([table(Own, { renamedFrom: 'theirs' })], 'shop'), name: 'other' };
      await expect(deploy(kit)).rejects.toMatchObject({ code: 'DRIFT' });
      expect(await isThere('theirs')).toBe(true);
    });

    it('refuses a name that is still declared, and a column that is not', async () => {
      const still = datakitOf([table(Film, { renamedFrom: 'rental' }), FilmRental], 'shop');
      await expect(deploy(still)).rejects.toMatchObject({
        code: 'DATAKIT_INVALID',
        message: expect.stringContaining('"rental"'),
      });
      const columns = { titel: { renamedFrom: 'name' } };
      const slip = datakitOf([table(Film as never, { columns })], 'shop');
      await expect(deploy(slip)).rejects.toMatchObject({ code: 'DATAKIT_INVALID', hint: 'Did you mean "title"?' });
    });
  });
}
