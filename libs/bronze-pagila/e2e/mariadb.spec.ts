import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  describeWith,
  startMariaDB,
  startPostgres,
  type TestMariaDB,
  type TestPostgres,
} from '@datakit/framework/testing';
import { metadataFaults, metadataQuery } from './support/bronze-metadata.ts';
import { differences } from './support/differences.ts';
import { expectSuccess } from './support/expect-success.ts';
import { generatePagila, restorePagila } from './support/pagila-databases.ts';
import { readTables, type SourceTable } from './support/source-tables.ts';
import { contentsInMariaDB, contentsInPostgres } from './support/table-contents.ts';
import { Scratch, type CommandResult } from './support/workspace.ts';

describeWith(['postgres', 'mariadb', 'pagila'], 'the real Pagila in MariaDB', () => everyValueArrives(restorePagila));

describeWith(['postgres', 'mariadb'], 'the generated Pagila in MariaDB', () => everyValueArrives(generatePagila));

function everyValueArrives(createSource: (server: TestPostgres) => Promise<void>): void {
  const since = new Date();
  let source: TestPostgres;
  let target: TestMariaDB;
  let scratch: Scratch;
  let tables: readonly SourceTable[];
  let ingest: CommandResult;

  beforeAll(async () => {
    [source, target] = await Promise.all([startPostgres(), startMariaDB()]);
    await createSource(source);
    // What the target is called does not matter: the server is asked which of the two it is.
    const url = target.url('datakit').replace('mariadb:', 'mysql:');
    scratch = new Scratch({ PAGILA_URL: source.url('pagila'), DATAKIT_MYSQL_LOCAL_URL: url });
    tables = await readTables(source, 'pagila', 'public');
    ingest = await scratch.nx('run', 'bronze-pagila:ingest:mysql_local');
  });

  afterAll(async () => {
    scratch?.[Symbol.dispose]();
    await target?.stop();
    await source?.stop();
  });

  const differing = async (): Promise<Record<string, string[]>> => {
    const found: Record<string, string[]> = {};
    for (const { name, rows, columns } of tables) {
      const there = await contentsInMariaDB(target, 'datakit', `bronze_pagila_${name}`, columns);
      const rowsDiffer = differences(await contentsInPostgres(source, 'pagila', `public."${name}"`, columns), there);
      if (rowsDiffer.length > 0 || there.length !== rows) found[name] = rowsDiffer;
    }
    return found;
  };

  test('is deployed and loaded by one command, which says which server it found', () => {
    expectSuccess(ingest);
    expect(ingest.output).toContain('MariaDB at 127.0.0.1');
    expect(ingest.output).not.toContain(target.password);
    expect(tables).toHaveLength(15);
    const loaded = scratch.report('ingest', 'mysql_local').tables;
    expect(loaded.map(({ table, loaded: rows }) => [table, rows]).sort()).toEqual(
      tables.map(({ name, rows }) => [name, rows]).sort(),
    );
  });

  test('has every value of every column', async () => expect(await differing()).toEqual({}));

  test('has the metadata of one load in every table', async () => {
    const union = tables.map(({ name }) => metadataQuery(name, `bronze_pagila_${name}`)).join(' UNION ALL ');
    const rows = (await target.mariadb('datakit', `SET time_zone = '+00:00'; ${union}`)).split('\n');
    const inUtc = rows.map((row) => row.replaceAll(/(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{6})/g, '$1T$2Z').split('\t'));
    expect(inUtc.flatMap((row) => metadataFaults(row, { host: '127.0.0.1', since }))).toEqual([]);
  });

  test('has tables without a difference, and deploying again does nothing', async () => {
    expectSuccess(await scratch.datakit('validate', 'libs/bronze-pagila', '--target=mysql_local'));
    const again = await scratch.datakit('deploy', 'libs/bronze-pagila', '--target=mysql_local', '--validate');
    expectSuccess(again);
    expect(scratch.report('deploy', 'mysql_local').statements).toEqual([]);
  });

  test('is replaced in one commit that readers do not notice before', async () => {
    const count = `SELECT count(*), count(DISTINCT bronze_load_id) FROM bronze_pagila_rental`;
    const before = await target.mariadb('datakit', count);
    const seen = new Set<string>();
    let isRunning = true;
    const again = scratch
      .datakit('ingest', 'libs/bronze-pagila', '--target=mysql_local')
      .finally(() => (isRunning = false));
    while (isRunning) seen.add(await target.mariadb('datakit', count));
    expectSuccess(await again);
    expect([...seen]).toEqual([before]);
    expect(await differing()).toEqual({});
  });

  test('is gone after a clean-up of what a command created', async () => {
    const place = ['--targetType=mariadb', `--host=${target.socket}`, '--user=root', '--database=cleaned'];
    expectSuccess(await scratch.datakit('deploy', 'libs/bronze-pagila', ...place, '--validate', '--cleanup'));
    expect(await target.mariadb('mysql', `SHOW DATABASES LIKE 'cleaned'`)).toBe('');
  });
}
