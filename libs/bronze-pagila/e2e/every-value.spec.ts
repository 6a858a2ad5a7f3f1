import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith, startPostgres, type TestPostgres } from '@datakit/framework/testing';
import { expectSuccess } from './support/expect-success.ts';
import { metadataFaults, metadataQuery } from './support/bronze-metadata.ts';
import { differences } from './support/differences.ts';
import { generatePagila, restorePagila } from './support/pagila-databases.ts';
import { readTables, type SourceTable } from './support/source-tables.ts';
import {
  contentsInNdjson,
  contentsInParquet,
  contentsInPostgres,
  contentsInSqlite,
  duckdb,
  fileList,
  publishedLoads,
  sqlite,
  type Contents,
} from './support/table-contents.ts';
import { Scratch, type CommandResult } from './support/workspace.ts';

describeWith(['postgres', 'sqlite3', 'pagila'], 'the real Pagila', () => everyValueArrives(restorePagila));

describeWith(['postgres', 'sqlite3'], 'the generated Pagila', () => everyValueArrives(generatePagila));

function everyValueArrives(createSource: (server: TestPostgres) => Promise<void>): void {
  const since = new Date();
  let server: TestPostgres;
  let scratch: Scratch;
  let tables: readonly SourceTable[];
  let expected: ReadonlyMap<string, Contents>;
  let ingest: CommandResult;
  let toSqlite: CommandResult;

  beforeAll(async () => {
    server = await startPostgres();
    await createSource(server);
    scratch = new Scratch({ PAGILA_URL: server.url('pagila'), DATAKIT_POSTGRES_LOCAL_URL: server.url('datakit') });
    tables = await readTables(server, 'pagila', 'public');
    expected = await readEach(({ name, columns }) => contentsInPostgres(server, 'pagila', `public."${name}"`, columns));
    ingest = await scratch.nx('run', 'bronze-pagila:ingest:postgres_local', '--formats=table,parquet,json');
    toSqlite = await scratch.datakitIngest('--target=sqlite_file');
  });

  afterAll(async () => {
    scratch?.[Symbol.dispose]();
    await server?.stop();
  });

  const folderOf = (table: string): string => join(scratch.home, 'files/pagila', table);
  const filesOf = (table: string, format: string): string[] =>
    publishedLoads(folderOf(table)).flatMap(({ files }) =>
      files.filter((file) => file.format === format).map((file) => join(folderOf(table), file.path)),
    );

  async function readEach(read: (table: SourceTable) => Promise<Contents>): Promise<Map<string, Contents>> {
    const all = new Map<string, Contents>();
    for (const table of tables) all.set(table.name, await read(table));
    return all;
  }

  /** Compares every table with the source; a failure shows the first rows that differ. */
  async function expectEqualToSource(read: (table: SourceTable) => Promise<Contents>): Promise<void> {
    const found = await readEach(read);
    const different = tables.flatMap(({ name }) => {
      const rows = differences(expected.get(name) ?? [], found.get(name) ?? []);
      return rows.length === 0 ? [] : [[name, rows]];
    });
    expect(Object.fromEntries(different)).toEqual({});
    expect(tables.map(({ name }) => found.get(name)?.length)).toEqual(tables.map(({ rows }) => rows));
  }

  test('is loaded by one command', () => {
    expectSuccess(ingest);
    expectSuccess(toSqlite);
    expect(tables).toHaveLength(15);
    expect(`${ingest.output}${toSqlite.output}`).not.toContain(server.password);
  });

  test('has every value of every column in PostgreSQL', () =>
    expectEqualToSource(({ name, columns }) =>
      contentsInPostgres(server, 'datakit', `bronze_pagila."${name}"`, columns),
    ));

  test('has every value of every column in SQLite', () =>
    expectEqualToSource(({ name, columns }) => contentsInSqlite(scratch.sqliteFile, `bronze_pagila_${name}`, columns)));

  test('has every value of every column in Parquet', () =>
    expectEqualToSource(({ name, columns }) => contentsInParquet(filesOf(name, 'parquet'), columns)));

  test('has every value of every column in NDJSON', () =>
    expectEqualToSource(({ name, columns }) => contentsInNdjson(server, filesOf(name, 'json'), columns)));

  test('keeps the names and types of the columns in PostgreSQL', async () => {
    const described = (all: readonly SourceTable[]): unknown =>
      all.map(({ name, columns }) => [name, columns.map((column) => `${column.name} ${column.type}`).sort()]);
    const target = await readTables(server, 'datakit', 'bronze_pagila');
    const withoutMetadata = target.map((table) => ({
      ...table,
      columns: table.columns.filter(({ name }) => !name.startsWith('bronze_')),
    }));
    expect(described(withoutMetadata)).toEqual(described(tables));
  });

  test('keeps the types in Parquet', async () => {
    const types = async (table: string): Promise<Record<string, unknown>> => {
      const described = await duckdb(`DESCRIBE SELECT * FROM read_parquet(${fileList(filesOf(table, 'parquet'))})`);
      return Object.fromEntries(described.map(([name, type]) => [String(name), type]));
    };
    expect(await types('film')).toMatchObject({
      film_id: 'INTEGER',
      release_year: 'INTEGER',
      rental_rate: 'DECIMAL(4,2)',
      replacement_cost: 'DECIMAL(5,2)',
      length: 'SMALLINT',
      rating: 'VARCHAR',
      last_update: 'TIMESTAMP WITH TIME ZONE',
      special_features: 'VARCHAR[]',
      fulltext: 'VARCHAR',
    });
    expect(await types('staff')).toMatchObject({ picture: 'BLOB', active: 'BOOLEAN' });
    expect(await types('customer')).toMatchObject({ create_date: 'DATE' });
  });

  test('counts the same rows in the report, the manifest and each file', async () => {
    const report = scratch.report('ingest', 'postgres_local');
    expect(report).toMatchObject({ status: 'succeeded', project: 'bronze-pagila', target: 'postgres_local' });
    for (const { name, rows } of tables) {
      const loaded = report.tables.find((entry) => entry.table === name);
      expect(loaded).toMatchObject({ status: 'succeeded', read: rows, loaded: rows, quarantined: 0 });

      const loads = publishedLoads(folderOf(name));
      expect(loads.map(({ loadId }) => loadId)).toEqual([loaded?.loadId]);
      for (const format of ['parquet', 'json']) {
        const counted = loads.flatMap((load) => load.files.filter((file) => file.format === format));
        expect(counted.reduce((sum, file) => sum + file.rows, 0)).toBe(rows);
      }
      const [count] = await duckdb(
        `SELECT (SELECT count(*) FROM read_parquet(${fileList(filesOf(name, 'parquet'))})),
                (SELECT count(*) FROM read_ndjson_auto(${fileList(filesOf(name, 'json'))}))`,
      );
      expect([name, ...(count ?? [])].map(String)).toEqual([name, `${rows}`, `${rows}`]);
    }
  });

  test('fills the six metadata columns everywhere', async () => {
    const lines = (text: string): string[][] => text.split('\n').map((line) => line.split('\t'));
    const union = (from: (table: string) => string): string =>
      tables.map(({ name }) => metadataQuery(name, from(name))).join(' UNION ALL ');

    const inPostgres = lines(
      await server.psql(
        'datakit',
        union((table) => `bronze_pagila."${table}"`),
      ),
    );
    const inSqlite = lines(
      await sqlite(
        scratch.sqliteFile,
        union((table) => `bronze_pagila_${table}`),
      ),
    );
    const inParquet = await duckdb(union((table) => `read_parquet(${fileList(filesOf(table, 'parquet'))})`));
    const inJson = await duckdb(union((table) => `read_ndjson_auto(${fileList(filesOf(table, 'json'))})`));
    const faults = Object.entries({ inPostgres, inSqlite, inParquet, inJson }).flatMap(([where, rows]) =>
      rows.flatMap((row) => metadataFaults(row, { host: '127.0.0.1', since }).map((fault) => `${where} ${fault}`)),
    );
    expect(faults).toEqual([]);
    expect([inPostgres, inSqlite, inParquet, inJson].map((rows) => rows.length)).toEqual([15, 15, 15, 15]);
  });
}
