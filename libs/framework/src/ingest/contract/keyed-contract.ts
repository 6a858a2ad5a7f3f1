import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { WatchedServer } from '../../engines/contract/places-contract.ts';
import { ingestInto } from '../ingest.ts';
import { bronze, keyed } from './built-datakits.ts';
import { openBuildPlace, type BuildPlace } from './build-place.ts';

const sales = `insert into {bronze_sales.sale} (sale_id, person_id, amount, sold_at) values
  (1, 1, '1.00', '2005-01-01T00:00:00.000000Z'), (2, 1, '2.00', '2005-01-09T11:59:59.999999Z'), (3, 2, '3.00', '2005-01-10T12:00:00.000000Z')`;

/** Keys of the database's own, ranges of time, and builds that break half-way. */
export function describeKeyedBuilds(name: string, start: () => Promise<WatchedServer>): void {
  describe(`builds with keys and times of their own on ${name}`, () => {
    let server: WatchedServer;
    let place: BuildPlace;
    beforeAll(async () => void (server = await start()));
    afterAll(async () => server?.stop());
    beforeEach(async () => {
      place = await openBuildPlace(server, 'keyed', [bronze, keyed]);
      await place.query(sales);
    });
    afterEach(() => place.drop());

    async function build(): Promise<Record<string, string>> {
      const { tables } = await ingestInto(keyed, place.database, { runId: 'run' });
      return Object.fromEntries(tables.map(({ table, published }) => [table, published]));
    }
    const deals = () => place.texts('{silver_keyed.deal}', ['sale_id', 'amount', 'id'], 'sale_id');

    it('make UUIDs for new rows, and rows keep theirs', async () => {
      await build();
      const first = await deals();
      const ids = first.map((row) => row.split('|')[2] ?? '');
      expect(new Set(ids).size).toBe(3);
      for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      const madeAt = Number.parseInt((ids[0] ?? '').replace('-', '').slice(0, 12), 16);
      expect(Math.abs(Date.now() - madeAt)).toBeLessThan(10 * 60_000);
      await place.query(`update {bronze_sales.sale} set amount = '2.50' where sale_id = 2`);
      await place.query('delete from {bronze_sales.sale} where sale_id = 3');
      await place.query(
        `insert into {bronze_sales.sale} (sale_id, person_id, amount, sold_at) values (4, 2, '4.00', '2005-01-10T13:00:00.000000Z')`,
      );
      expect(await build()).toMatchObject({ deal: 'difference: 1 inserted, 1 updated, 1 deleted' });
      const [one, two, four] = await deals();
      expect([one, two]).toEqual([first[0], `2|2.50|${ids[1]}`]);
      expect(four).toMatch(/^4\|4\.00\|/);
      expect(ids).not.toContain(four?.split('|')[2]);
      expect(await build()).toMatchObject({ deal: 'difference: 0 inserted, 0 updated, 0 deleted' });
    });

    it('replace what lies in the range of time, and leave what is older', async () => {
      await build();
      await place.query(`update {bronze_sales.sale} set amount = amount * 10`);
      await place.query('delete from {bronze_sales.sale} where sale_id = 3');
      // A day before the newest is 2005-01-09 12:00:00, a microsecond after the second sale.
      expect(await build()).toMatchObject({ late_sale: 'range: 1 deleted, 0 inserted' });
      await place.query(
        `update {silver_keyed.late_sale} set sold_at = '2005-01-09T12:00:00.000001Z' where sale_id = 2`,
      );
      expect(await place.texts('{silver_keyed.late_sale}', ['sale_id'], 'sale_id')).toEqual(['1', '2']);
    });

    it('leave every table as it was where the database breaks one off half-way', async () => {
      await build();
      const before = await deals();
      const loads = () => place.query('select load_id from {_datakit.loads}');
      const recorded = await loads();
      await place.query(`update {bronze_sales.sale} set amount = '7.00'`);
      await expect(build()).rejects.toMatchObject({ code: expect.stringMatching(/^(BAD_ROWS|TARGET_FAILED)$/) });
      expect(await deals()).toEqual(before);
      expect(await place.texts('{silver_keyed.unique_amount}', ['amount'], 'amount')).toEqual(['1.00', '2.00', '3.00']);
      expect(await place.texts('{silver_keyed.late_sale}', ['amount'], 'amount')).toEqual(['1.00', '2.00', '3.00']);
      expect(await loads()).toEqual(recorded);
      await place.query(`update {bronze_sales.sale} set amount = '8.00' where sale_id = 1`);
      await place.query(`update {bronze_sales.sale} set amount = '9.00' where sale_id = 2`);
      await build();
      expect(await place.texts('{silver_keyed.unique_amount}', ['amount'], 'amount')).toEqual(['7.00', '8.00', '9.00']);
    });
  });
}
