import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineEntity, p } from '@mikro-orm/core';
import { afterAll, expect, it } from '@jest/globals';
import { deployTo } from '../deploy/deploy.ts';
import { bronzeMetadata } from '../model/bronze-metadata.ts';
import { defineDatakit } from '../model/datakit.ts';
import { sqliteSource } from '../model/source-definition.ts';
import { table } from '../model/table.ts';
import { TargetDatabase } from '../targets/target-database.ts';
import type { IngestOptions } from './ingest-request.ts';
import { ingestInto } from './ingest.ts';

const Sale = defineEntity({
  name: 'Sale',
  tableName: 'sale',
  properties: {
    day: p.date().primary(),
    sales: p.integer(),
    ...bronzeMetadata,
  },
});

const folder = mkdtempSync(join(tmpdir(), 'datakit-query-'));
const file = join(folder, 'source.sqlite');
const source = new DatabaseSync(file);
afterAll(() => {
  source.close();
  rmSync(folder, { recursive: true });
});

/** Loads the table from a query of the source. */
async function load(query: string, name: string, ...runs: Partial<IngestOptions>[]) {
  const kit = defineDatakit({
    name: 'bronze-shop',
    layer: 'bronze',
    source: sqliteSource({ system: 'shop', url: `sqlite:${file}` }),
    tables: [
      table(Sale, {
        source: { query, columns: { number: 'sales' } },
        load: { disposition: 'merge', cursor: { column: 'day' } },
      }),
    ],
  });
  const place = { engine: 'sqlite', file: join(folder, `${name}.sqlite`) } as const;
  await using target = await TargetDatabase.open({
    ...{ name: 'test', inMemory: false, protected: false, workspaceRoot: '/', environment: {} },
    where: { kind: 'place', place },
  });
  await deployTo(kit, target, { runId: 'run' });
  const loads = [];
  for (const options of runs) loads.push((await ingestInto(kit, target, { runId: 'run', ...options })).tables[0]);
  const session = await target.connect();
  const rows = await session.query('select day, sales, bronze_source_table from bronze_shop_sale order by day');
  return { loads, rows: rows.map((row) => Object.values(row)) };
}

it('a query takes the place of a table, for full and for incremental loads', async () => {
  source.exec(`create table sold (id integer primary key, day date not null);
    insert into sold (day) values ('2024-02-28'), ('2024-02-29'), ('2024-02-29')`);
  const query = 'select day, count(*) as number from sold group by day -- one row a day';
  const incremental = { mode: 'incremental' } as const;
  const first = await load(query, 'both', { mode: 'full_snapshot' }, incremental);
  expect(first.loads).toMatchObject([{ read: 2, loaded: 2 }, { read: 1 }]);
  expect(first.rows).toEqual([
    ['2024-02-28', 1, 'sale'],
    ['2024-02-29', 2, 'sale'],
  ]);
  source.exec(`insert into sold (day) values ('2024-02-28'), ('2024-03-01')`);
  const second = await load(query, 'both', incremental);
  // What came before the cursor was not looked at.
  expect(second.rows).toEqual([
    ['2024-02-28', 1, 'sale'],
    ['2024-02-29', 2, 'sale'],
    ['2024-03-01', 1, 'sale'],
  ]);
});

it.each([
  ['does not give a declared column', 'select day from sold', 'CONTRACT'],
  ['gives one that nobody declared', 'select day, 1 as number, 2 as more from sold', 'CONTRACT'],
  ['the source refuses', 'select nothing from nowhere', 'SOURCE_FAILED'],
  ['writes', `insert into sold (day) values ('2024-01-01') returning day, 1 as number`, 'SOURCE_FAILED'],
])('a query that %s is refused, and nothing is loaded', async (_, query, code) => {
  const before = source.prepare('select count(*) as n from sqlite_schema').get();
  await expect(load(query, 'refused', {})).rejects.toMatchObject({ code });
  expect(source.prepare('select count(*) as n from sqlite_schema').get()).toEqual(before);
});

it('is not asked of files', async () => {
  await expect(load('select 1', 'files', { sourceUrl: `file:${folder}` })).rejects.toMatchObject({
    code: 'OPTION_INVALID',
  });
});
