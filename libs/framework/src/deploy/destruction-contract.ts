import { defineEntity, p } from '@mikro-orm/core';
import { describe, expect, it } from '@jest/globals';
import { datakitOf } from '../engines/contract/contract-fixture.ts';
import { FilmWithoutLength, id, onlyFilm, shop, type Stage } from './stage-contract.ts';

const filmWith = (properties: object) =>
  datakitOf([defineEntity({ name: 'Film', tableName: 'film', properties: { ...id, ...properties } as never })], 'shop');
const title = p.text().index();
const length = p.integer().nullable();
const withoutLength = datakitOf([FilmWithoutLength], 'shop');

/** What loses data is refused by name, and nothing that is not ours is ever lost. */
export function destructionContract(stage: Stage): void {
  const { deploy, open, quoted, state, isThere } = stage;

  describe('and what would lose data', () => {
    it.each([
      ['a removed entity', shop, onlyFilm, ['sale', 'copy']],
      ['a removed column', onlyFilm, withoutLength, ['film.length']],
      ['a type that holds less', onlyFilm, filmWith({ title: p.integer().index(), length }), ['film.title']],
      ['a column that may no longer be null', onlyFilm, filmWith({ title, length: p.integer() }), ['film.length']],
      ['a new column without a default', onlyFilm, filmWith({ title, length, year: p.integer() }), ['film.year']],
    ])('%s is refused, and zero statements run', async (_, before, after, objects) => {
      await deploy(before);
      const untouched = await state();
      await expect(deploy(after)).rejects.toMatchObject({ code: 'DESTRUCTIVE', details: { objects } });
      expect(await state()).toEqual(untouched);
    });

    it('is done where it is named, and only that: tables of somebody else and of other datakits stay', async () => {
      await deploy(onlyFilm);
      await deploy({ ...datakitOf([FilmWithoutLength], 'other'), name: 'other' });
      const session = await open();
      await session.execute(`create table ${quoted('user_precious')} (id integer)`);
      await session.execute(`insert into ${quoted('user_precious')} (id) values (1)`);
      await session.execute(`insert into ${quoted('film')} (id, title, length) values (1, 'kept', 90)`);
      expect(await deploy(withoutLength, { allowDestructive: ['film.length'] })).toMatchObject({ applied: true });
      expect(await session.query(`select * from ${quoted('film')}`)).toEqual([{ id: 1, title: 'kept' }]);
      expect(await session.query(`select id from ${quoted('user_precious')}`)).toEqual([{ id: 1 }]);
      const Other = defineEntity({ name: 'Other', tableName: 'other', properties: id });
      await deploy(datakitOf([Other], 'shop'), { allowDestructive: ['film'] });
      expect([await isThere('film'), await isThere('user_precious')]).toEqual([false, true]);
      const others = { ...datakitOf([FilmWithoutLength], 'other'), name: 'other' };
      expect(await deploy(others)).toMatchObject({ applied: false });
    });

    it('has to be named letter for letter', async () => {
      await deploy(onlyFilm);
      const untouched = await state();
      await expect(deploy(withoutLength, { allowDestructive: ['film.lenght'] })).rejects.toMatchObject({
        code: 'OPTION_INVALID',
        message: expect.stringContaining('did you mean "film.length"?'),
      });
      await expect(deploy(withoutLength, { allowDestructive: ['customer'] })).rejects.toMatchObject({
        code: 'DESTRUCTIVE',
      });
      expect(await state()).toEqual(untouched);
    });
  });
}
