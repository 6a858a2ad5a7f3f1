import { describe, expect, it } from '@jest/globals';
import type { WatchedServer } from '../../engines/contract/places-contract.ts';
import { freshness, notNull, range, relationship, rowCount, sql, unique } from '../../model/expectations.ts';
import { checkedDatabase } from './checked-database.ts';
import { hostileName, Line, Order, summary } from './order-entities.ts';

/** What each kind of expectation counts and says. */
export function expectationContract(server: () => WatchedServer): void {
  describe('every kind', () => {
    const database = checkedDatabase(server, 'check_kinds', [Order, Line]);
    const orders = (columns: readonly string[], rows: readonly (readonly (string | null)[])[]) =>
      database().fill(Order, columns, rows);

    it('holds on an empty table, but for counts and freshness', async () => {
      await orders(['id'], []);
      const failed = await database().check(Order, [
        notNull(['code', 'region']),
        unique('code'),
        range('number', { min: 1 }),
        relationship('replaces', Order),
        sql('select id from ${table}'),
        rowCount({ equals: 0, max: 0, min: 0 }),
        rowCount({ min: 1, severity: 'warn' }),
        freshness('changed_at', { maxAge: '1 hour' }),
      ]);
      expect(summary(failed)).toEqual([
        { check: 'rowCount', object: 'order', kind: 'row count', expected: 'at least 1 row', found: '0 rows' },
        {
          check: 'freshness',
          object: 'order.changed_at',
          kind: 'stale',
          expected: 'a row at most 1 hour old',
          found: 'no row that counts',
        },
      ]);
      expect(failed.map(({ finding }) => finding.severity)).toEqual(['warn', 'error']);
    });

    it('counts nulls column by column, among the rows that are meant', async () => {
      await orders(
        ['id', 'code', 'region'],
        [
          ['1', null, null],
          ['2', 'a', null],
          ['3', '', 'x'],
        ],
      );
      const failed = await database().check(
        Order,
        [notNull(['code', 'region']), notNull('region', { where: 'id > 1 -- not the first' }), notNull('id')],
        5,
      );
      expect(summary(failed)).toEqual([
        { check: 'notNull', object: 'order.code', kind: 'null', expected: 'not null', found: '1 of 3 rows', rows: 1 },
        { check: 'notNull', object: 'order.region', kind: 'null', expected: 'not null', found: '2 of 3 rows', rows: 2 },
        { check: 'notNull', object: 'order.region', kind: 'null', expected: 'not null', found: '1 of 3 rows', rows: 1 },
      ]);
      expect(failed.map(({ keys }) => keys)).toEqual([['id=1'], ['id=1', 'id=2'], ['id=2']]);
    });

    it('counts all rows that share a key, and takes none with a null in it', async () => {
      await orders(
        ['id', 'code', 'region', 'price'],
        [
          ['1', 'a', 'x', '1.0'],
          ['2', 'a', 'x', '1.00'],
          ['3', 'a', null, '1'],
          ['4', 'a', null, '10'],
          ['5', 'A', 'x', null],
          ['6', 'a ', 'x', '0.1'],
          ['7', null, 'x', '0.10'],
        ],
      );
      const failed = await database().check(
        Order,
        [
          unique(['code', 'region']),
          unique('price'),
          unique('code', { where: "region = 'x'" }),
          unique('id'),
          unique(['id', 'code']),
        ],
        100,
      );
      expect(
        failed.map(({ finding, keys }) => [finding.object, finding.expected, finding.failed, keys.toSorted()]),
      ).toEqual([
        ['order', 'unique code, region', 2, ['id=1', 'id=2']],
        ['order.price', 'unique', 5, ['id=1', 'id=2', 'id=3', 'id=6', 'id=7']],
        ['order.code', 'unique', 2, ['id=1', 'id=2']],
      ]);
    });

    it('finds children without a parent, also in the same table, by several columns and by others than the key', async () => {
      await orders(
        ['id', 'code', 'region', 'number', 'replaces', 'price'],
        [
          ['1', 'a', 'x', '10', null, '1.0'],
          ['2', 'b', 'x', '20', '1', '2.50'],
          ['3', 'a', 'y', null, '4', '3'],
        ],
      );
      await database().fill(
        Line,
        ['order_id', 'position', hostileName, 'order', 'kept_as'],
        [
          ['1', '9223372036854775807', '10', '1', 'a'],
          ['2', '2', '30', '7', 'b'],
          ['3', '9007199254740993', null, null, null],
          ['9', '4', '20', '9', 'c'],
        ],
      );
      expect(summary(await database().check(Order, [relationship('replaces', Order)]))).toEqual([
        {
          check: 'relationship',
          object: 'order.replaces',
          kind: 'no parent',
          expected: 'a row in order',
          found: '1 row',
          rows: 1,
        },
      ]);
      const failed = await database().check(
        Line,
        [
          relationship('order_id', Order),
          relationship('order', Order, { severity: 'warn', where: 'order_id < 9' }),
          relationship(hostileName, Order, { to: 'number' }),
          relationship(['renamed', 'order_id'], Order, { to: ['code', 'id'] }),
          relationship('order_id', Order, { to: 'price' }),
          relationship('order_id', Order, { schema: 'contract' }),
        ],
        10,
      );
      expect(
        failed.map(({ finding, keys }) => [finding.object, finding.severity, finding.failed, keys.toSorted()]),
      ).toEqual([
        [`${hostileName}.order_id`, 'error', 1, ['order_id=9, position=4']],
        [`${hostileName}.order`, 'warn', 1, ['order_id=2, position=2']],
        [`${hostileName}.${hostileName}`, 'error', 1, ['order_id=2, position=2']],
        [hostileName, 'error', 1, ['order_id=9, position=4']],
        [`${hostileName}.order_id`, 'error', 2, ['order_id=2, position=2', 'order_id=9, position=4']],
        [`${hostileName}.order_id`, 'error', 1, ['order_id=9, position=4']],
      ]);
      const [large] = await database().check(Line, [range('position', { max: 5 })], 1);
      expect(large?.keys).toEqual([expect.stringMatching(/^order_id=[13], position=9\d{15,18}$/)]);
    });
  });
}
