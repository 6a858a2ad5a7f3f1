import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { WatchedServer } from '../../engines/contract/places-contract.ts';
import { defineEntity, p } from '@mikro-orm/core';
import { rebuild } from '../../model/build.ts';
import { defineDatakit, type Datakit } from '../../model/datakit.ts';
import { table } from '../../model/table.ts';
import { ingestInto } from '../ingest.ts';
import { bronze, gold, Sale, silver } from './built-datakits.ts';
import { openBuildPlace, type BuildPlace } from './build-place.ts';

const people = `insert into {bronze_sales.person} (person_id, name, email) values (1, 'Ann', 'ann@example.org'), (2, 'Bob', null)`;
const sales = `insert into {bronze_sales.sale} (sale_id, person_id, amount, sold_at, paid_at) values
  (1, 1, '0.10', '2005-01-31T23:59:59.999999Z', '2005-02-01T00:00:01.000000Z'), (2, 1, '0.20', '2005-01-01T00:00:00.000000Z', null),
  (3, 2, '1234567890.12', '2005-12-31T12:30:00.500000Z', '2005-12-30T12:30:00.400000Z'), (4, 2, '100.00', '2005-12-31T00:00:00.000000Z', null)`;

const Buyer = defineEntity({
  name: 'Buyer',
  tableName: 'buyer',
  properties: { person_id: p.integer().primary() },
});
const keyless = defineDatakit({
  name: 'silver-keyless',
  layer: 'silver',
  tables: [
    table(Buyer, {
      keyless: true,
      build: rebuild({ s: Sale }, (from) => from.selectFrom('s').select('s.person_id')),
    }),
  ],
});

/** Builds mean the same on every engine, and are published as one. */
export function describeBuilds(name: string, start: () => Promise<WatchedServer>): void {
  describe(`builds on ${name}`, () => {
    let server: WatchedServer;
    let place: BuildPlace;
    beforeAll(async () => void (server = await start()));
    afterAll(async () => server?.stop());
    beforeEach(async () => {
      place = await openBuildPlace(server, 'build', [bronze, silver, gold]);
      await place.query(people);
      await place.query(sales);
    });
    afterEach(() => place.drop());
    const query: BuildPlace['query'] = (sql) => place.query(sql);
    const texts: BuildPlace['texts'] = (...asked) => place.texts(...asked);

    async function build(datakit: Datakit): Promise<Record<string, string>> {
      const { tables } = await ingestInto(datakit, place.database, { runId: 'run' });
      return Object.fromEntries(tables.map(({ table, loaded, published }) => [table, `${loaded}: ${published}`]));
    }

    it('give the same values on every engine, each table after those that it reads', async () => {
      expect(await build(silver)).toEqual({ customer: '2: insert', sale_fact: '4: insert' });
      expect(await texts('{silver_sales.customer}', ['customer_id', 'label', 'email'], 'customer_id')).toEqual([
        '1|Ann (1)|ann@example.org',
        '2|Bob (2)|null',
      ]);
      const columns = [
        'sale_id',
        'amount',
        'day',
        'month',
        'due',
        'year',
        'quarter',
        'weekday',
        'hour',
        'seconds',
        'kind',
      ];
      expect(await texts('{silver_sales.sale_fact}', columns, 'sale_id')).toEqual([
        '1|0.10|2005-01-31|2005-01-01|2005-03-02|2005|1|1|23|1|it\'s \\ a ? "sale"',
        '2|0.20|2005-01-01|2005-01-01|2005-01-31|2005|1|6|0|null|it\'s \\ a ? "sale"',
        '3|1234567890.12|2005-12-31|2005-12-01|2006-01-30|2005|4|6|12|-86400|it\'s \\ a ? "sale"',
        '4|100.00|2005-12-31|2005-12-01|2006-01-30|2005|4|6|0|null|it\'s \\ a ? "sale"',
      ]);
      const large = await query('select sale_id from {silver_sales.sale_fact} where is_large order by sale_id');
      expect(large.map(({ sale_id: id }) => id)).toEqual([3, 4]);
    });

    it('add decimals exactly, count, and make views of queries', async () => {
      await build(silver);
      expect(await build(gold)).toEqual({ revenue: '2: insert', sale_log: '4: insert', recent_day: '4: insert' });
      expect(await texts('{gold_sales.revenue}', ['month', 'revenue', 'sales'], 'month')).toEqual([
        '2005-01-01|0.30|2',
        '2005-12-01|1234567990.12|2',
      ]);
      expect(await texts('{gold_sales.best_month}', ['month', 'revenue'], 'month')).toEqual([
        '2005-01-01|0.30',
        '2005-12-01|1234567990.12',
      ]);
    });

    it('touch nothing that stays as it is, and keep the history of what changes', async () => {
      await build(silver);
      expect(await build(silver)).toEqual({
        customer: '2: difference: 0 inserted, 0 updated, 0 deleted',
        sale_fact: '4: difference: 0 inserted, 0 updated, 0 deleted',
      });
      await query(`update {bronze_sales.person} set name = 'Anna' where person_id = 1`);
      await query(`delete from {bronze_sales.sale} where sale_id = 4`);
      expect(await build(silver)).toEqual({
        customer: '2: difference: 0 inserted, 1 updated, 0 deleted',
        sale_fact: '3: difference: 0 inserted, 0 updated, 1 deleted',
      });
      const history = await query(
        `select label, operation_type as operation from {silver_sales.customer__history} order by history_id`,
      );
      expect(history.map(({ label, operation }) => `${operation as string} ${label as string}`)).toEqual([
        'INSERT Ann (1)',
        'INSERT Bob (2)',
        'UPDATE Anna (1)',
      ]);
    });

    it('make the rows of a table without a key anew, also those that are there twice', async () => {
      const open = await openBuildPlace(server, 'keyless', [bronze, keyless]);
      try {
        await open.query(people);
        await open.query(sales);
        const buildKeyless = async (): Promise<string | undefined> =>
          (await ingestInto(keyless, open.database, { runId: 'run' })).tables[0]?.published;
        expect(await buildKeyless()).toBe('insert');
        expect(await buildKeyless()).toBe('delete and insert');
        expect(await open.texts('{silver_keyless.buyer}', ['person_id'], 'person_id')).toEqual(['1', '1', '2', '2']);
      } finally {
        await open.drop();
      }
    });

    it('take only what is new where they are incremental', async () => {
      await build(silver);
      await build(gold);
      await query(`update {bronze_sales.sale} set amount = '7.00' where sale_id in (1, 4)`);
      await query(`delete from {bronze_sales.sale} where sale_id = 3`);
      await query(
        `insert into {bronze_sales.sale} (sale_id, person_id, amount, sold_at) values (5, 1, '5.00', '2006-01-01T00:00:00.000000Z')`,
      );
      await build(silver);
      expect(await build(gold)).toMatchObject({
        // What lies before the newest day less the lag is not read again, and what the query does not give stays.
        sale_log: '2: difference: 1 inserted, 1 updated, 0 deleted',
        recent_day: '2: range: 2 deleted, 2 inserted',
      });
      expect(await texts('{gold_sales.sale_log}', ['sale_id', 'amount'], 'sale_id')).toEqual([
        '1|0.10',
        '2|0.20',
        '3|1234567890.12',
        '4|7.00',
        '5|5.00',
      ]);
      expect(await texts('{gold_sales.recent_day}', ['sale_id'], 'sale_id')).toEqual(['1', '2', '4', '5']);
    });

    it('leave every table of the datakit as it was where one of them is not as expected', async () => {
      await build(silver);
      await query(`update {bronze_sales.person} set name = 'Anna'`);
      await query(`update {bronze_sales.sale} set amount = '-1.00' where sale_id = 2`);
      await expect(build(silver)).rejects.toMatchObject({ code: 'CHECK_FAILED' });
      expect(await texts('{silver_sales.customer}', ['label'], 'customer_id')).toEqual(['Ann (1)', 'Bob (2)']);
      expect(await texts('{silver_sales.sale_fact}', ['amount'], 'sale_id')).toContain('0.20');
    });
  });
}
