import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  describeWith,
  outputOf,
  runProgram,
  startMariaDB,
  startPostgres,
  type TestMariaDB,
  type TestPostgres,
} from '@datakit/framework/testing';
import { createPagila } from '@datakit/pagila-source';

const workspaceRoot = join(import.meta.dirname, '../../..');

/** Revenue as somebody asks the source itself who knows nothing of layers. */
const perStoreAndMonth = `
  select i.store_id || '|' || to_char(date_trunc('month', p.payment_date at time zone 'UTC'), 'YYYY-MM-DD') || '|' || sum(p.amount)
  from payment p join rental r using (rental_id) join inventory i using (inventory_id)
  group by i.store_id, date_trunc('month', p.payment_date at time zone 'UTC')`;
const perCategory = `
  select i.store_id || '|' || c.name || '|' || to_char(date_trunc('month', p.payment_date at time zone 'UTC'), 'YYYY-MM-DD')
    || '|' || sum(p.amount) || '|' || count(distinct r.rental_id)
  from payment p join rental r using (rental_id) join inventory i using (inventory_id)
    join film_category using (film_id) join category c using (category_id)
  group by i.store_id, c.name, date_trunc('month', p.payment_date at time zone 'UTC')`;

const rows = (text: string): string[] => text.split('\n').filter(Boolean).sort();

/** Cents from SQLite, which keeps decimals as text. */
const sqliteTotals = `
  select store_id || '|' || substr(paid_on, 1, 7) || '-01|' || printf('%d.%02d', sum(cast(replace(amount, '.', '') as integer)) / 100,
    sum(cast(replace(amount, '.', '') as integer)) % 100)
  from gold_pagila_fact_payment group by store_id, substr(paid_on, 1, 7)`;
const monthly = (table: string): string =>
  `select concat(store_id, '|', category, '|', month, '|', revenue, '|', rentals) from ${table}`;

function revenueIsThatOfTheSource(createSource: (server: TestPostgres) => Promise<void>): void {
  let source: TestPostgres;
  let mariadb: TestMariaDB;
  let folder: string;
  let expected: { readonly totals: string[]; readonly monthly: string[] };

  beforeAll(async () => {
    [source, mariadb] = await Promise.all([startPostgres(), startMariaDB()]);
    await createSource(source);
    folder = mkdtempSync(join(tmpdir(), 'datakit-revenue-'));
    const ask = async (query: string) => rows(await source.psql('pagila', query));
    expected = { totals: await ask(perStoreAndMonth), monthly: await ask(perCategory) };
    expect(expected.totals.length).toBeGreaterThan(10);
  });

  afterAll(async () => {
    if (folder) rmSync(folder, { recursive: true, force: true });
    await mariadb?.stop();
    await source?.stop();
  });

  async function run(target: string): Promise<void> {
    const result = await runProgram(
      process.execPath,
      [join(workspaceRoot, 'libs/framework/bin/datakit.js'), 'pipeline', 'apps/pagila-pipeline', `--target=${target}`],
      {
        cwd: workspaceRoot,
        env: {
          ...process.env,
          NODE_OPTIONS: '',
          DATAKIT_HOME: folder,
          PAGILA_URL: source.url('pagila'),
          DATAKIT_POSTGRES_LOCAL_URL: source.url('datakit'),
          DATAKIT_MARIADB_LOCAL_URL: mariadb.url('datakit'),
        },
      },
    );
    expect(`${result.exitCode} ${result.stdout}${result.stderr}`).toMatch(/^0 [^]*Top categories by revenue/);
  }

  test('to the cent on SQLite', async () => {
    await run('sqlite_file');
    const ask = async (query: string) => rows(await outputOf('sqlite3', [join(folder, 'datakit.sqlite'), query]));
    expect(await ask(sqliteTotals)).toEqual(expected.totals);
    const ofMonths = monthly('gold_pagila_monthly_revenue').replace(/concat\((.*)\) from/, (_, list: string) => {
      return `${list.replaceAll(', ', ' || ')} from`;
    });
    expect(await ask(ofMonths)).toEqual(expected.monthly);
  });

  test('to the cent on PostgreSQL', async () => {
    await run('postgres_local');
    const ask = async (query: string) => rows(await source.psql('datakit', query));
    const totals = `select concat(store_id, '|', to_char(paid_on, 'YYYY-MM-01'), '|', sum(amount)) from gold_pagila.fact_payment group by store_id, to_char(paid_on, 'YYYY-MM-01')`;
    expect(await ask(totals)).toEqual(expected.totals);
    expect(await ask(monthly('gold_pagila.monthly_revenue'))).toEqual(expected.monthly);
  });

  test('to the cent on MariaDB', async () => {
    await run('mariadb_local');
    const ask = async (query: string) => rows(await mariadb.mariadb('datakit', query));
    const totals = `select concat(store_id, '|', date_format(paid_on, '%Y-%m-01'), '|', sum(amount)) from gold_pagila_fact_payment group by store_id, date_format(paid_on, '%Y-%m-01')`;
    expect(await ask(totals)).toEqual(expected.totals);
    expect(await ask(monthly('gold_pagila_monthly_revenue'))).toEqual(expected.monthly);
  });
}

describeWith(
  ['postgres', 'sqlite3', 'mariadb', 'pagila'],
  'the revenue of the real Pagila in gold is that of the source',
  () =>
    revenueIsThatOfTheSource(async (server) => {
      await outputOf('bash', [join(process.env['DATAKIT_TEST_PAGILA'] ?? '', 'restore'), server.url('pagila')]);
    }),
);

describeWith(
  ['postgres', 'sqlite3', 'mariadb'],
  'the revenue of the generated Pagila in gold is that of the source',
  () =>
    revenueIsThatOfTheSource(async (server) => {
      await server.psql('postgres', 'create database pagila template template0');
      await createPagila(server.url('pagila'), { scale: 0.1 });
    }),
);
