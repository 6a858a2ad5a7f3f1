import { leaseEmbeddedServer, stopEmbeddedServer } from '@datakit/framework/embedded-postgres';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { createPagila } from './create-pagila.ts';
import { serve } from './serve.ts';
import type { ServedSource } from './serve.ts';

const tables = {
  actor: 200,
  address: 603,
  category: 16,
  city: 600,
  country: 109,
  customer: 599,
  film: 1000,
  film_actor: 5388,
  film_category: 2423,
  inventory: 4581,
  language: 6,
  payment: 16_049,
  rental: 16_044,
  staff: 1500,
  store: 500,
};

// As COPY would write them: every value in its text form, in an order that no server chooses.
const content = `select array[${Object.keys(tables)
  .map((table) => `(select md5(string_agg(t::text, e'\\n' order by t::text collate "C")) from ${table} as t)`)
  .join(', ')}] as value`;

const home = join(mkdtempSync(join(tmpdir(), 'datakit-pagila-')), 'home');
let source: ServedSource;

async function queryAll(sql: string, database = source.connection.database): Promise<unknown[]> {
  const client = new pg.Client({ ...source.connection, database });
  await client.connect();
  try {
    await client.query(`set timezone = 'UTC'`);
    return (await client.query<{ value: unknown }>(sql)).rows.map(({ value }) => value);
  } finally {
    await client.end();
  }
}

describe('the Pagila source', () => {
  beforeAll(async () => {
    await chmod(join(home, '..'), 0o755);
    source = await serve({ home, scale: 1 });
  });

  afterAll(async () => {
    await source.release();
    await stopEmbeddedServer({ home });
    rmSync(join(home, '..'), { recursive: true, force: true });
  });

  it('has the sizes of Pagila', async () => {
    for (const [table, rows] of Object.entries(tables)) {
      expect([table, ...(await queryAll(`select count(*)::integer as value from ${table}`))]).toEqual([table, rows]);
    }
  });

  it('tells the planner its real sizes', async () => {
    expect(
      await queryAll(`select n_live_tup::integer as value from pg_stat_user_tables where relname = 'rental'`),
    ).toEqual([tables.rental]);
  });

  it('has the same rows whenever and wherever it is made', async () => {
    const [expected] = (await queryAll(content)) as string[][];
    await queryAll('create database again template template0', 'postgres');
    await createPagila({ ...source.connection, database: 'again' }, { scale: 1 });
    expect(await queryAll(content, 'again')).toEqual([expected]);
    // The same on PostgreSQL 15 (locales C and C.UTF-8) and 18. A change here wants a new generatorVersion.
    expect(expected?.map((hash) => hash.slice(0, 4)).join(' ')).toBe(
      '9c6b 62fe 6911 5e5c ac82 2354 ccf6 ace2 6c1f a651 4088 215a 4fcb 45a1 d58b',
    );
  });

  it.each([
    [
      'payments that do not fit their rental',
      `payment p left join rental r using (rental_id, customer_id, staff_id)
       where r.rental_id is null or p.payment_date < r.rental_date`,
    ],
    [
      'rentals by staff of another store',
      'rental join inventory i using (inventory_id) join staff s using (staff_id) where s.store_id <> i.store_id',
    ],
    [
      'managers of another store',
      'store s join staff m on m.staff_id = s.manager_staff_id where m.store_id <> s.store_id',
    ],
    [
      'copies that are rented twice at the same time',
      `(select rental_date, lag(coalesce(return_date, 'infinity')) over (partition by inventory_id order by rental_date) as back
        from rental) as r where back > rental_date`,
    ],
    [
      'customers that rent before they are customers',
      'rental join customer using (customer_id) where create_date > rental_date',
    ],
    ['negative amounts', 'payment where amount < 0'],
    ['rows of the parent itself', 'only payment'],
  ])('has no %s', async (_what, from) => {
    expect(await queryAll(`select count(*)::integer as value from ${from}`)).toEqual([0]);
  });

  it.each([
    ['tab in a description', `film where description like e'%\\t%'`],
    ['line break in a description', `film where description like e'%\\n%'`],
    ['backslash in a description', String.raw`film where description like '%\\%'`],
    ['missing description', 'film where description is null'],
    ['letter beyond ASCII', `customer where first_name ~ '[^ -~]'`],
    ['quote in a name', `customer where last_name like '%''%'`],
    ['picture', 'staff where length(picture) > 0'],
    ['empty picture', 'staff where length(picture) = 0'],
    ['list without elements', `film where special_features = '{}'`],
    ['rental that is still out', 'rental where return_date is null'],
    ['time with microseconds', `payment where date_part('microseconds', payment_date)::integer % 1000 > 0`],
  ])('has some %s', async (_what, from) => {
    expect(await queryAll(`select count(*) > 0 as value from ${from}`)).toEqual([true]);
  });

  it('goes on counting behind its rows', async () => {
    expect(await queryAll(`select nextval('rental_rental_id_seq')::integer as value`)).toEqual([16_045]);
  });

  it('is made once by two processes at the same time', async () => {
    const program = `
      const { serve } = await import(${JSON.stringify(new URL('index.ts', import.meta.url).href)});
      const source = await serve({ home: ${JSON.stringify(home)}, scale: 0.1 });
      console.log(source.connection.database);
      await source.release();`;
    const run = (): Promise<{ stdout: string }> =>
      promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
    const both = await Promise.all([run(), run()]);
    expect(both.map(({ stdout }) => stdout.trim())).toEqual(['pagila_source_s0_1_v1', 'pagila_source_s0_1_v1']);
    expect(await queryAll('select count(*)::integer as value from rental', 'pagila_source_s0_1_v1')).toEqual([1604]);
    expect(await queryAll(`select datname as value from pg_database where datname like '%unfinished'`)).toEqual([]);
  });

  it('starts over where a killed process left half a source', async () => {
    const server = await leaseEmbeddedServer({ home });
    await queryAll('create database pagila_source_s0_05_v1_unfinished template template0', 'postgres');
    const small = await serve({ home, scale: 0.05 });
    expect(await queryAll('select count(*)::integer as value from actor', small.connection.database)).toEqual([10]);
    await small.release();
    await server.release();
  });

  it('refuses a scale that is no number', async () => {
    await expect(serve({ home, scale: Number.NaN })).rejects.toThrow('positive number');
  });
});
