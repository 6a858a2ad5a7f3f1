import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith, startPostgres, type TestPostgres } from '@datakit/framework/testing';
import { expectSuccess } from './support/expect-success.ts';
import { generatePagila } from './support/pagila-databases.ts';
import { duckdb, publishedLoads, sqlite } from './support/table-contents.ts';
import { Scratch } from './support/workspace.ts';

describeWith(['postgres', 'sqlite3'], 'an ingest that is stopped', () => {
  let server: TestPostgres;
  let scratch: Scratch;
  const options = ['libs/bronze-pagila', '--formats=table,parquet', '--tables=rental,payment'];
  const places = { sqlite_file: 'bronze_pagila_', postgres_local: 'bronze_pagila.' } as const;
  const targets = Object.keys(places) as (keyof typeof places)[];

  beforeAll(async () => {
    server = await startPostgres();
    await generatePagila(server, 1);
    scratch = new Scratch({ PAGILA_URL: server.url('pagila'), DATAKIT_POSTGRES_LOCAL_URL: server.url('datakit') });
    for (const target of targets) {
      expectSuccess(await scratch.datakit('deploy', 'libs/bronze-pagila', `--target=${target}`));
    }
  });
  afterAll(async () => {
    scratch?.[Symbol.dispose]();
    await server?.stop();
  });

  const ask = (target: keyof typeof places, sql: string): Promise<string> =>
    target === 'sqlite_file' ? sqlite(scratch.sqliteFile, sql) : server.psql('datakit', sql);

  /** Rows and loads of a table: one load's rows whole, or none. */
  async function expectWhole(target: keyof typeof places, table: string): Promise<void> {
    const ledger = target === 'sqlite_file' ? '_datakit_loads' : '_datakit.loads';
    const name = `${places[target]}${table}`;
    const rows = Number(await ask(target, `SELECT count(*) FROM ${name}`));
    const unknown = `SELECT count(*) FROM ${name} t WHERE NOT EXISTS (SELECT 1 FROM ${ledger} l WHERE l.load_id = t.bronze_load_id)`;
    expect(await ask(target, unknown)).toBe('0');
    expect(Number(await ask(target, `SELECT count(DISTINCT bronze_load_id) FROM ${name}`))).toBe(rows === 0 ? 0 : 1);
    const source = Number(await server.psql('pagila', `SELECT count(*) FROM ${table}`));
    expect([0, source]).toContain(rows);
  }

  test.each(targets)('by kill -9 leaves %s before or after each load, and the next run ends it', async (target) => {
    for (const afterMs of [500, 700, 900, 1100, 1400, 1800]) {
      await scratch.datakitStopped('SIGKILL', afterMs, 'ingest', ...options, `--target=${target}`);
      for (const table of ['rental', 'payment']) await expectWhole(target, table);
    }
    expectSuccess(await scratch.datakit('ingest', ...options, `--target=${target}`));
    for (const table of ['rental', 'payment']) {
      const folder = join(scratch.home, 'files/pagila', table);
      expect(readdirSync(folder).filter((name) => name.startsWith('.staged-'))).toEqual([]);
      const files = publishedLoads(folder).flatMap((load) => load.files.map((file) => `'${join(folder, file.path)}'`));
      const [inFiles] = await duckdb(
        `SELECT count(*)::text, count(DISTINCT bronze_load_id)::text FROM read_parquet([${files.join()}])`,
      );
      expect(inFiles).toEqual([await server.psql('pagila', `SELECT count(*) FROM ${table}`), '1']);
    }
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('by %s says so, and leaves nothing running', async (signal) => {
    const before = await ask('postgres_local', 'SELECT min(bronze_load_id::text) FROM bronze_pagila.film');
    await server.psql(
      'pagila',
      `CREATE TABLE slow AS SELECT 1; ALTER TABLE film RENAME TO film_table;
      CREATE VIEW film AS SELECT film_table.* FROM film_table, LATERAL (SELECT pg_sleep(0.02 + 0 * film_id)) nap`,
    );
    const stopped = await scratch.datakitStopped(
      signal,
      3_000,
      'ingest',
      'libs/bronze-pagila',
      '--target=postgres_local',
      '--tables=film',
    );
    await server.psql('pagila', 'DROP VIEW film; ALTER TABLE film_table RENAME TO film; DROP TABLE slow');
    expect(stopped.exitCode).not.toBe(0);
    expect(stopped.output).toContain('CANCELLED: ');
    expect(scratch.report('ingest', 'postgres_local').status).toBe('cancelled');
    expect(await ask('postgres_local', 'SELECT min(bronze_load_id::text) FROM bronze_pagila.film')).toBe(before);
    const sessions = `SELECT count(*) FROM pg_stat_activity WHERE application_name = 'datakit'`;
    expect(await server.psql('postgres', sessions)).toBe('0');
  });
});
