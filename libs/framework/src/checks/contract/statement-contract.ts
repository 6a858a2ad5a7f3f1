import { describe, expect, it } from '@jest/globals';
import type { WatchedServer } from '../../engines/contract/places-contract.ts';
import { freshness, notNull, rowCount, sql } from '../../model/expectations.ts';
import { checkedDatabase } from './checked-database.ts';
import { hostileName, Line, Order, summary } from './order-entities.ts';

/** The server's clock, and SQL of the datakit's own. */
export function statementContract(server: () => WatchedServer): void {
  describe('clock and own SQL', () => {
    const database = checkedDatabase(server, 'check_statements', [Order, Line]);
    const orders = (columns: readonly string[], rows: readonly (readonly (string | null)[])[]) =>
      database().fill(Order, columns, rows);

    it('knows how old the newest row is by the server’s clock', async () => {
      const { engine, session, check } = database();
      const [row] = await session.query<{ now: string }>(`select ${engine.valueConditions.now} as now`);
      expect(Math.abs(Date.parse(row!.now) - Date.now())).toBeLessThan(60_000);
      const at = (agoMinutes: number): string =>
        engine.instant(new Date(Date.now() - agoMinutes * 60_000).toISOString().replace(/Z$/, '000Z'));
      const fresh = freshness('changed_at', { maxAge: '2 hours' });
      const found = async (...minutes: (number | null)[]): Promise<string | null | undefined> => {
        await orders(
          ['id', 'changed_at'],
          minutes.map((ago, id) => [String(id), ago === null ? null : at(ago)]),
        );
        return (await check(Order, [fresh]))[0]?.finding.found;
      };
      expect(await found(500, 119)).toBeUndefined();
      expect(await found(500, 1565.5)).toBe('the newest 8 hours 20 minutes old');
      expect(await found(-60)).toBeUndefined();
      // A placeholder in the future hides nothing.
      expect(await found(-10_000_000, 125)).toBe('the newest 2 hours 5 minutes old');
      expect(await found(-10_000_000, null)).toBe('no row that counts');

      const day = (ago: number): string => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
      await orders(
        ['id', 'changed_on'],
        [
          ['1', day(3)],
          ['2', '9999-12-31'],
        ],
      );
      expect(await check(Order, [freshness('changed_on', { maxAge: '5 days' })])).toEqual([]);
      expect((await check(Order, [freshness('changed_on', { maxAge: '1 day' })]))[0]?.finding.found).toMatch(
        /^the newest 3 days/,
      );
    });

    it('counts the rows that a statement returns, with its comments and semicolons', async () => {
      await orders(
        ['id', 'number'],
        [
          ['1', '5'],
          ['2', '7'],
          ['3', null],
        ],
      );
      await database().fill(Line, ['order_id', 'position'], [['1', '1']]);
      const failed = await database().check(
        Order,
        [
          sql('select id from ${table} where number > 100;'),
          sql('select id, number from ${table} where number > 6 ; \n', { name: 'numbers are small' }),
          sql(`select o.id from \${table} o left join \${table:${hostileName}} l on l.order_id = o.id
               where l.order_id is null -- none of them`),
          sql('select id, id as again from ${table} where id in (select max(id) from ${table})', { severity: 'warn' }),
        ],
        1,
      );
      expect(summary(failed)).toEqual([
        {
          check: 'sql',
          object: 'order',
          kind: 'rows returned',
          expected: 'numbers are small',
          found: '1 row',
          rows: 1,
        },
        { check: 'sql', object: 'order', kind: 'rows returned', expected: 'no row', found: '2 rows', rows: 2 },
        { check: 'sql', object: 'order', kind: 'rows returned', expected: 'no row', found: '1 row', rows: 1 },
      ]);
      expect(failed.map(({ keys }) => keys)).toEqual([
        ['id=2, number=7'],
        [expect.stringMatching(/^id=[23]$/)],
        ['id=3, again=3'],
      ]);
    });

    it('says which SQL of the datakit’s own the server refuses, and changes nothing by it', async () => {
      await orders(['id'], [['1']]);
      const { check } = database();
      for (const broken of [
        sql('select nothing_here from ${table}'),
        sql('delete from ${table}'),
        sql('drop table ${table}'),
        sql('select 1; delete from ${table}'),
        notNull('code', { where: 'id = ' }),
      ]) {
        await expect(check(Order, [broken])).rejects.toMatchObject({
          code: 'TARGET_FAILED',
          message: expect.stringContaining('"order" cannot be evaluated'),
          hint: expect.stringContaining(`${broken.kind} (order`),
        });
      }
      expect(await check(Order, [rowCount({ equals: 1 })])).toEqual([]);
    });
  });
}
