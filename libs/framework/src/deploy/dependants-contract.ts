import { defineEntity, p } from '@mikro-orm/core';
import { describe, expect, it } from '@jest/globals';
import { datakitOf } from '../engines/contract/contract-fixture.ts';
import type { Datakit } from '../model/datakit.ts';
import { id, type Stage } from './stage-contract.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- property builders of every type
type Properties = Record<string, any>;

/** A film with something changed, and rentals that are deleted with it. */
function rentals(
  film: Properties,
  options: { key?: 'bigint'; primaryKeys?: string[]; without?: 'film' } = {},
): Datakit {
  const key = options.key === 'bigint' ? { id: p.bigint().primary().autoincrement(false) } : id;
  const Film = defineEntity({
    name: 'Film',
    tableName: 'film',
    properties: { ...key, title: p.text().index(), ...film },
    ...((options.primaryKeys ? { primaryKeys: options.primaryKeys } : {}) as object),
  });
  const Rental = defineEntity({
    name: 'Rental',
    tableName: 'rental',
    properties: { ...id, film: () => p.manyToOne(Film).deleteRule('cascade') },
  });
  return datakitOf([Film, Rental], 'shop');
}

/** What hangs on a live table survives its changes. */
export function dependantsContract(stage: Stage): void {
  const { engine, deploy, open, quoted, state, isThere } = stage;
  const short = { length: p.smallint().nullable() };

  async function withRows(datakit: Datakit): Promise<Awaited<ReturnType<typeof open>>> {
    await deploy(datakit);
    const session = await open();
    await session.execute(`insert into ${quoted('film')} (id, title, length) values (1, 'A', 90), (2, 'B', 120)`);
    await session.execute(`insert into ${quoted('rental')} (id, film) values (10, 1), (11, 2), (12, 2)`);
    return session;
  }

  describe('and what hangs on a table', () => {
    it('stays when a column becomes required: children that are deleted with their parent, views, triggers, indexes', async () => {
      const session = await withRows(rentals(short));
      await session.execute(`create table ${quoted('log')} (text text)`);
      await session.execute(`create index by_hand on ${quoted('film')} (length)`);
      await session.execute(
        `create view ${quoted('long_films')} as select f.id, r.id as rental from ${quoted('film')} f join ${quoted('rental')} r on r.film = f.id where f.length > 100`,
      );
      await stage.createTrigger('film', 'log', 'title');
      await stage.createTrigger('rental', 'log', 'id');
      const required = rentals({ length: p.smallint() });
      expect(await deploy(required, { allowDestructive: ['film.length'] })).toMatchObject({ applied: true });

      expect(await session.query(`select id, film from ${quoted('rental')} order by id`)).toMatchObject([
        { id: 10, film: 1 },
        { id: 11, film: 2 },
        { id: 12, film: 2 },
      ]);
      expect(await session.query(`select id, rental from ${quoted('long_films')} order by rental`)).toMatchObject([
        { id: 2, rental: 11 },
        { id: 2, rental: 12 },
      ]);
      await session.execute(`insert into ${quoted('film')} (id, title, length) values (3, 'C', 1)`);
      await session.execute(`insert into ${quoted('rental')} (id, film) values (13, 3)`);
      expect(await session.query(`select text from ${quoted('log')} order by text`)).toEqual([
        { text: '13' },
        { text: 'C' },
      ]);
      await session.execute(`delete from ${quoted('film')} where id = 2`);
      expect(await session.query(`select id from ${quoted('rental')} order by id`)).toMatchObject([
        { id: 10 },
        { id: 13 },
      ]);
      const [film] = await engine().readTables(session, [stage.physical('film')]);
      expect(film?.indexes.map(({ name }) => name)).toContain('by_hand');
      await expect(session.execute(`insert into ${quoted('rental')} (id, film) values (14, 99)`)).rejects.toThrow();
      expect(await deploy(required)).toMatchObject({ applied: false });
    });

    it('is a view that reads a column that gets another type, and a view on that view', async () => {
      const session = await withRows(rentals(short));
      await session.execute(`create view ${quoted('lengths')} as select id, length + 1 as more from ${quoted('film')}`);
      await session.execute(`create view ${quoted('sums')} as select sum(more) as total from ${quoted('lengths')}`);
      await session.execute(`create view ${quoted('titles')} as select * from ${quoted('film')}`);
      expect((await deploy(rentals({ length: p.bigint().nullable() }))).plan.destructive).toEqual([]);
      expect((await session.query(`select total from ${quoted('sums')}`)).map(({ total }) => Number(total))).toEqual([
        212,
      ]);
      expect(await session.query(`select title from ${quoted('titles')} order by id`)).toEqual([
        { title: 'A' },
        { title: 'B' },
      ]);
      expect(await deploy(rentals({ length: p.bigint().nullable() }))).toMatchObject({ applied: false });
    });

    it('is a relation between columns that get another type', async () => {
      const session = await withRows(rentals(short));
      const wide = rentals(short, { key: 'bigint' });
      expect((await deploy(wide)).plan.destructive).toEqual([]);
      expect(await deploy(wide)).toMatchObject({ applied: false });
      await expect(session.execute(`insert into ${quoted('rental')} (id, film) values (14, 99)`)).rejects.toThrow();
      await session.execute(`delete from ${quoted('film')} where id = 2`);
      expect(await session.query(`select id from ${quoted('rental')}`)).toMatchObject([{ id: 10 }]);
    });

    it('is refused to be lost: a view that reads a column that goes, a foreign key to a table that goes', async () => {
      const session = await withRows(rentals(short));
      await session.execute(`create view ${quoted('lengths')} as select f.length from ${quoted('film')} f`);
      const before = await state();
      const shorter = rentals({});
      await expect(deploy(shorter, { allowDestructive: ['film.length'] })).rejects.toMatchObject({
        code: 'DESTRUCTIVE',
        message: expect.stringContaining('lengths'),
      });
      expect(await state()).toEqual(before);
      await session.execute(`drop view ${quoted('lengths')}`);
      expect(await deploy(shorter, { allowDestructive: ['film.length'] })).toMatchObject({ applied: true });
    });

    it('goes with tables whose relations point in a circle', async () => {
      const Team = defineEntity({
        name: 'Team',
        tableName: 'team',
        properties: { ...id, leader: () => p.manyToOne(Member).nullable() },
      });
      const Member = defineEntity({
        name: 'Member',
        tableName: 'member',
        properties: { ...id, team: () => p.manyToOne(Team) },
      });
      const Other = defineEntity({ name: 'Other', tableName: 'other', properties: id });
      await deploy(datakitOf([Team, Member, Other], 'shop'));
      const session = await open();
      await session.execute(`insert into ${quoted('team')} (id) values (1)`);
      await session.execute(`insert into ${quoted('member')} (id, team) values (1, 1)`);
      await session.execute(`update ${quoted('team')} set leader = 1`);
      const rest = datakitOf([Other], 'shop');
      expect(await deploy(rest, { allowDestructive: ['team', 'member'] })).toMatchObject({ applied: true });
      expect(await Promise.all(['team', 'member', 'other'].map(isThere))).toEqual([false, false, true]);
      expect(await deploy(rest)).toMatchObject({ applied: false });
    });
  });
}
