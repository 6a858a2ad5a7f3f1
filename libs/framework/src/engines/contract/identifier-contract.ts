import { defineEntity, p } from '@mikro-orm/core';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { DatakitError } from '../../errors/datakit-error.ts';
import type { Datakit } from '../../model/datakit.ts';
import { datakitOf } from './contract-fixture.ts';
import { contractDatabase, type ContractServer } from './contract-server.ts';
import { hostileNames } from './hostile-names.ts';
import { createAll, differencesFrom, structuresOf } from './structure-steps-contract.ts';

/** A hostile name is refused before any SQL, or comes back as it went. */
export function identifierContract(server: () => ContractServer): void {
  describe('a hostile name', () => {
    const database = contractDatabase(server, 'identifiers');
    let tables = 0;
    beforeAll(async () => void (await database().session.execute('create table canary (id integer)')));

    async function roundTrip(tableName: string, column: string, index?: string): Promise<void> {
      const Hostile = defineEntity({
        name: 'Hostile',
        tableName,
        properties: {
          id: p.integer().primary().autoincrement(false),
          value: p.text().nullable().fieldName(column).index(),
        },
        ...(index === undefined ? {} : { indexes: [{ name: index, properties: ['id', 'value'] as never }] }),
      });
      let datakit: Datakit;
      try {
        datakit = datakitOf([Hostile], `s${tables++}`);
        structuresOf(datakit, database());
      } catch (error) {
        expect(error).toBeInstanceOf(DatakitError);
        expect(error).toMatchObject({ code: expect.stringMatching(/^(IDENTIFIER|DATAKIT_INVALID)$/) });
        return;
      }
      await createAll(datakit, database());
      expect(await differencesFrom(datakit, database())).toEqual([]);
      const { engine, session } = database();
      const quoted = engine.quoteTable(structuresOf(datakit, database())[0]!.table);
      await session.execute(`insert into ${quoted} (id, ${engine.quote(column)}) values (1, ?)`, ['x']);
      expect(await session.query(`select ${engine.quote(column)} as value from ${quoted}`)).toEqual([{ value: 'x' }]);
    }

    it.each(hostileNames)('of a table, %j, is refused or comes back', (name) => roundTrip(name, 'value'));
    it.each(hostileNames)('of a column, %j, is refused or comes back', (name) => roundTrip('thing', name));
    it.each(hostileNames)('of an index, %j, is refused or comes back', (name) => roundTrip('thing', 'value', name));

    it.each([
      ['one byte too long', 'a'.repeat(256)],
      ['with a NUL', 'a\0b'],
      ['without a letter', ''],
    ])('%s is refused by its code', (_, name) => {
      for (const what of ['table', 'column', 'schema', 'index']) {
        expect(() => server().engine.checkIdentifier(name, what)).toThrow(
          expect.objectContaining({ code: 'IDENTIFIER' }),
        );
      }
    });

    it('that differs only in case from another is refused', () => {
      const Twins = defineEntity({
        name: 'Twins',
        tableName: 'twins',
        properties: { id: p.integer().primary(), Id: p.integer() },
      });
      expect(() => structuresOf(datakitOf([Twins], 'twins'), database())).toThrow(
        expect.objectContaining({ code: 'IDENTIFIER' }),
      );
      const [Low, High] = ['film', 'FILM'].map((tableName) =>
        defineEntity({ name: tableName, tableName, properties: { id: p.integer().primary() } }),
      );
      expect(() => structuresOf(datakitOf([Low, High], 'twins'), database())).toThrow(
        expect.objectContaining({ code: 'IDENTIFIER' }),
      );
    });

    it('of an index that a table or another index has is refused', () => {
      const [Film, Copy, Actor] = ['film', 'copy', 'actor'].map((tableName) =>
        defineEntity({
          name: tableName,
          tableName,
          properties: { id: p.integer().primary(), year: p.integer().index(tableName === 'film' ? 'Copy' : 'by_year') },
        }),
      );
      for (const tables of [
        [Film, Copy],
        [Copy, Actor],
      ]) {
        expect(() => structuresOf(datakitOf(tables, 'taken'), database())).toThrow(
          expect.objectContaining({ code: 'IDENTIFIER', message: expect.stringContaining('has the name of') }),
        );
      }
    });

    it('leaves everything else as it was', async () => {
      expect(await database().session.query('select * from canary')).toEqual([]);
    });
  });
}
