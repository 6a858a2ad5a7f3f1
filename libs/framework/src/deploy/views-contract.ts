import { defineEntity, p } from '@mikro-orm/core';
import { describe, expect, it } from '@jest/globals';
import { datakitOf } from '../engines/contract/contract-fixture.ts';
import type { Datakit } from '../model/datakit.ts';
import type { AnyEntity } from '../model/entity.ts';
import { table } from '../model/table.ts';
import { sqlView } from '../model/view.ts';
import { expectedViews } from '../structure/expected-views.ts';
import { viewFindings } from '../validate/view-findings.ts';
import { id, type Stage } from './stage-contract.ts';

const Film = defineEntity({
  name: 'Film',
  tableName: 'film',
  properties: { ...id, title: p.text(), length: p.smallint().nullable() },
});
const WideFilm = defineEntity({
  name: 'Film',
  tableName: 'film',
  properties: { ...id, title: p.text(), length: p.integer().nullable() },
});
const LongFilm = defineEntity({ name: 'LongFilm', tableName: 'long_film', properties: { ...id, title: p.text() } });
const Count = defineEntity({ name: 'Count', tableName: 'film_count', properties: { films: p.integer().primary() } });

/** Views in an order in which they cannot be made: the first reads the second. */
function films(minutes = 100, Table: AnyEntity = Film, extra = ''): Datakit {
  const long = sqlView(
    { film: Table },
    ({ film }) => `select id, title${extra} from ${film} where length > ${minutes} or title = 'it''s; "long"'`,
  );
  const count = sqlView({ long: LongFilm }, ({ long: name }) => `select count(*) as films from ${name};\n`);
  return datakitOf([table(Count, { build: count }), table(LongFilm, { build: long }), Table], 'shop');
}

/** Views are deployed like tables: made, compared, changed, and never taken from somebody else. */
export function viewsContract(stage: Stage): void {
  const { engine, deploy, open, quoted, ledger, state, isThere } = stage;

  async function findings(datakit: Datakit): Promise<string[]> {
    const found = await viewFindings(expectedViews(datakit, engine()), engine(), await open());
    return found.map(({ object, kind, found: there }) => `${object}: ${kind}: ${there}`);
  }
  async function count(): Promise<number> {
    const [row] = await (await open()).query(`select films from ${quoted('film_count')}`);
    return Number(row?.['films']);
  }
  async function deployWithRows(datakit: Datakit = films()): Promise<void> {
    await deploy(datakit);
    const session = await open();
    await session.execute(`insert into ${quoted('film')} (id, title, length) values (1, 'A', 90), (2, 'B', 120)`);
  }

  describe('and views', () => {
    it('makes them after what they read, once', async () => {
      const { plan } = await deploy(films());
      expect(plan.statements.map(({ object }) => object).filter((object) => object !== 'shop')).toEqual([
        'film',
        'long_film',
        'film_count',
      ]);
      expect(plan.destructive).toEqual([]);
      await (
        await open()
      ).execute(`insert into ${quoted('film')} (id, title, length) values (1, 'A', 90), (2, 'B', 120)`);
      expect(await count()).toBe(1);
      const before = await state();
      expect(await deploy(films())).toMatchObject({ applied: false, plan: { statements: [] } });
      expect(await findings(films())).toEqual([]);
      expect(await state()).toEqual(before);
      expect(
        await (
          await open()
        ).query(`select count(*) as n from ${ledger('objects')} where kind = 'view' and live is not null`),
      ).toMatchObject([{ n: expect.anything() }]);
    });

    it('replaces one whose query changed; what reads it stays, also what somebody else made', async () => {
      await deployWithRows();
      const session = await open();
      await session.execute(`create view ${quoted('by_hand')} as select title from ${quoted('long_film')}`);
      expect(await findings(films(10))).toEqual(['long_film: view: that of an earlier version']);
      const { plan, applied } = await deploy(films(10, Film, ', length'));
      expect(applied).toBe(true);
      expect(plan.destructive).toEqual([]);
      expect(await count()).toBe(2);
      expect(await session.query(`select title from ${quoted('by_hand')} order by title`)).toEqual([
        { title: 'A' },
        { title: 'B' },
      ]);
      expect(await findings(films(10, Film, ', length'))).toEqual([]);
      expect(await deploy(films(10, Film, ', length'))).toMatchObject({ applied: false });
      // A view that gets narrower cannot be replaced in place everywhere.
      expect(await deploy(films(10))).toMatchObject({ applied: true });
      expect(await count()).toBe(2);
      expect(await deploy(films(10))).toMatchObject({ applied: false });
    });

    it('finds one that somebody changed or dropped by hand, and makes it again', async () => {
      await deployWithRows();
      const session = await open();
      await session.execute(`drop view ${quoted('film_count')}`);
      await session.execute(`create view ${quoted('film_count')} as select 7 as films`);
      expect(await findings(films())).toEqual(['film_count: view: another query']);
      expect(await deploy(films())).toMatchObject({
        applied: true,
        plan: { statements: { length: expect.any(Number) } },
      });
      expect(await count()).toBe(1);
      await session.execute(`drop view ${quoted('film_count')}`);
      expect(await findings(films())).toEqual(['film_count: view missing: null']);
      expect(await deploy(films())).toMatchObject({ applied: true });
      expect(await findings(films())).toEqual([]);
    });

    it('keeps them over a change of a table that they read', async () => {
      await deployWithRows();
      const wide = films(100, WideFilm);
      expect((await deploy(wide)).plan.destructive).toEqual([]);
      expect(await count()).toBe(1);
      expect(await findings(wide)).toEqual([]);
      expect(await deploy(wide)).toMatchObject({ applied: false });
    });

    it('keeps those of another datakit that reads this one, and they stay up to date', async () => {
      await deployWithRows();
      const Title = defineEntity({ name: 'Title', tableName: 'title', properties: { title: p.text().primary() } });
      const build = sqlView({ film: Film }, ({ film }) => `select title, length from ${film} where length > 100`);
      const reader = { ...datakitOf([table(Title, { build })], 'reader'), name: 'reader' };
      expect(await deploy(reader)).toMatchObject({ applied: true });
      expect((await deploy(films(100, WideFilm))).plan.destructive).toEqual([]);
      const view = engine().supportsSchemas ? { schema: 'reader', name: 'title' } : { name: 'reader_title' };
      const session = await open();
      expect(await session.query(`select title from ${engine().quoteTable(view)}`)).toEqual([{ title: 'B' }]);
      expect(await deploy(reader)).toMatchObject({ applied: false });
    });

    it('refuses one that reads an entity of no datakit, or of two', () => {
      const Stray = defineEntity({ name: 'Stray', tableName: 'stray', properties: { title: p.text().primary() } });
      const build = sqlView({ stray: Stray }, ({ stray }) => `select count(*) as films from ${stray}`);
      const reader = datakitOf([table(Count, { build })], 'reader');
      const refusal = expect.objectContaining({ code: 'DATAKIT_INVALID', message: expect.stringContaining('"stray"') });
      expect(() => expectedViews(reader, engine())).toThrow(refusal);
      datakitOf([Stray], 'here');
      expect(expectedViews(reader, engine())).toHaveLength(1);
      datakitOf([Stray], 'there');
      expect(() => expectedViews(reader, engine())).toThrow(refusal);
    });

    it('drops one that is no longer declared only by name, and never one of somebody else', async () => {
      await deployWithRows();
      const session = await open();
      await session.execute(`create view ${quoted('by_hand')} as select 1 as one`);
      const fewer = datakitOf(
        films().tables.filter(({ entity }) => entity !== Count),
        'shop',
      );
      await expect(deploy(fewer)).rejects.toMatchObject({ code: 'DESTRUCTIVE', details: { objects: ['film_count'] } });
      expect(await count()).toBe(1);
      expect(await deploy(fewer, { allowDestructive: ['film_count'] })).toMatchObject({ applied: true });
      await expect(count()).rejects.toMatchObject({ code: 'TARGET_FAILED' });
      expect(await session.query(`select one from ${quoted('by_hand')}`)).toMatchObject([{ one: expect.anything() }]);
      expect(await deploy(fewer)).toMatchObject({ applied: false });

      await session.execute(`create view ${quoted('film_count')} as select 8 as films`);
      await expect(deploy(films())).rejects.toMatchObject({ code: 'DRIFT' });
      expect(await count()).toBe(8);
    });

    it('goes with them when the tables are made anew', async () => {
      await deployWithRows();
      expect(await deploy(films(), { recreate: true })).toMatchObject({ applied: true });
      expect(await count()).toBe(0);
      expect(await isThere('film')).toBe(true);
    });

    it('refuses views that read each other in a circle', () => {
      const build = sqlView({ count: Count }, (names) => `select 1 as id, films as title from ${names.count}`);
      const circle = datakitOf(
        [...films().tables.filter(({ entity }) => entity !== LongFilm), table(LongFilm, { build })],
        'shop',
      );
      expect(() => expectedViews(circle, engine())).toThrow(expect.objectContaining({ code: 'DATAKIT_INVALID' }));
    });
  });
}
