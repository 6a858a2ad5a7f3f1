import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { WatchedServer } from '../../engines/contract/places-contract.ts';
import type { Finding } from '../../report/run-report.ts';
import { ingestInto } from '../ingest.ts';
import type { IngestOptions } from '../ingest-request.ts';
import { bronze, cleaned } from './built-datakits.ts';
import { openBuildPlace, type BuildPlace } from './build-place.ts';

const people = `insert into {bronze_sales.person} (person_id, name, email) values
  (1, 'Ann', 'ann@example.org'), (2, 'Bob', null), (3, 'Cid', 'a "quoted" text, longer than thirty characters')`;
const sales = `insert into {bronze_sales.sale} (sale_id, person_id, amount, sold_at, paid_at) values
  (1, 1, '0.10', '2005-01-31T00:00:00.000000Z', '2005-02-01T00:00:01.000000Z'),
  (2, 2, '0.20', '2005-01-01T00:00:00.000000Z', null),
  (3, 3, '-5.00', '2005-01-01T00:00:00.000000Z', '2005-02-01T00:00:01.000000Z'),
  (4, 1, '1.00', '2005-01-01T00:00:00.000000Z', '2005-02-01T00:00:01.000000Z'),
  (5, 1, '1.00', '2005-01-01T00:00:00.000000Z', null)`;

/** Rows that conditions name are set aside, whatever the table could not hold of them. */
export function describeQuarantine(name: string, start: () => Promise<WatchedServer>): void {
  describe(`rows that a build sets aside on ${name}`, () => {
    let server: WatchedServer;
    let place: BuildPlace;
    beforeAll(async () => void (server = await start()));
    afterAll(async () => server?.stop());
    beforeEach(async () => {
      place = await openBuildPlace(server, 'aside', [bronze, cleaned]);
      await place.query(people);
      await place.query(sales);
    });
    afterEach(() => place.drop());

    async function build(options: Partial<IngestOptions> = {}) {
      const findings: Finding[] = [];
      const { tables } = await ingestInto(cleaned, place.database, {
        runId: 'run',
        onEvent: (event) => void (event.kind === 'findings' && findings.push(...event.findings)),
        ...options,
      });
      return { table: tables[0]!, findings };
    }

    const good = () => place.texts('{silver_cleaned.clean_sale}', ['sale_id', 'amount', 'email'], 'sale_id');
    async function setAside(): Promise<{ id: string; reason: string; row: Record<string, string | null> }[]> {
      const rows = await place.query(
        'select load_id, reason, source_row from {_datakit.quarantine} order by source_row',
      );
      return rows
        .map(({ load_id: id, reason, source_row: row }) => ({
          id: String(id),
          reason: String(reason),
          row: JSON.parse(String(row)) as Record<string, string | null>,
        }))
        .toSorted((a, b) => Number(a.row['sale_id']) - Number(b.row['sale_id']));
    }

    it('are kept with the first reason, as they were read, and counted', async () => {
      const { table, findings } = await build();
      expect(table).toMatchObject({ read: 5, loaded: 1, quarantined: 4 });
      expect(await good()).toEqual(['1|0.10|ann@example.org']);
      const kept = await setAside();
      expect(kept.map(({ id }) => id)).toEqual(Array(4).fill(table.loadId));
      expect(kept.map(({ row, reason }) => `${row['sale_id']}: ${reason}`)).toEqual([
        '2: no e-mail address',
        "3: a customer's odd e-mail",
        '4: sold twice',
        '5: not paid',
      ]);
      expect(kept.map(({ row }) => row['email'])).toEqual([
        null,
        'a "quoted" text, longer than thirty characters',
        'ann@example.org',
        'ann@example.org',
      ]);
      expect(kept[1]?.row).toMatchObject({ person_id: '3', amount: '-5.00' });
      expect(findings.filter(({ check }) => check === 'bad rows')).toHaveLength(4);
      expect(findings).toContainEqual({
        ...{ check: 'bad rows', severity: 'warn', object: 'clean_sale', kind: 'not paid', expected: null },
        ...{ found: '1 of 5 rows quarantined', failed: 1 },
      });
      const [load] = await place.query(
        'select rows_read, rows_loaded, rows_quarantined from {_datakit.loads} order by load_id desc limit 1',
      );
      expect(Object.values(load ?? {}).map(Number)).toEqual([5, 1, 4]);
    });

    it('come back when they are mended, and those that turn bad leave the table', async () => {
      await build();
      await place.query(`update {bronze_sales.person} set email = 'bob@example.org' where person_id = 2`);
      await place.query(`update {bronze_sales.sale} set paid_at = '2005-02-01T00:00:01.000000Z' where sale_id = 2`);
      await place.query(`update {bronze_sales.sale} set amount = '0.00' where sale_id = 1`);
      const { table } = await build();
      expect(table).toMatchObject({
        read: 5,
        loaded: 1,
        quarantined: 4,
        published: expect.stringContaining('1 deleted'),
      });
      expect(await good()).toEqual(['2|0.20|bob@example.org']);
      const kept = await setAside();
      expect(kept.map(({ row, reason }) => `${row['sale_id']}: ${reason}`)).toContain('1: no amount');
      expect(kept.map(({ id }) => id)).toEqual(Array(4).fill(table.loadId));
    });

    it('refuse the build where more of them come than were allowed, and leave everything as it was', async () => {
      await build();
      const before = await setAside();
      await place.query(`update {bronze_sales.sale} set paid_at = null`);
      await expect(build({ maxBadRows: 4 })).rejects.toMatchObject({ code: 'BAD_ROWS' });
      await expect(build({ maxBadRows: '50%' })).rejects.toMatchObject({ code: 'BAD_ROWS' });
      expect(await good()).toEqual(['1|0.10|ann@example.org']);
      expect(await setAside()).toEqual(before);
      expect((await build({ maxBadRows: 5 })).table).toMatchObject({ loaded: 0, quarantined: 5 });
    });
  });
}
