import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith, outputOf, startPostgres, type TestPostgres } from '@datakit/framework/testing';
import { differences } from './support/differences.ts';
import { expectSuccess } from './support/expect-success.ts';
import { generatePagila, restorePagila } from './support/pagila-databases.ts';
import { readTables, type SourceTable } from './support/source-tables.ts';
import {
  contentsInPostgres,
  contentsInSqlite,
  duckdb,
  fileList,
  publishedLoads,
  type Contents,
} from './support/table-contents.ts';
import { Scratch } from './support/workspace.ts';

describeWith(['postgres', 'sqlite3', 'pagila'], 'files of the real Pagila', () => filesAreEqual(restorePagila));

describeWith(['postgres', 'sqlite3'], 'files of the generated Pagila', () => filesAreEqual(generatePagila));

/** Bronze of a database's tables is the same, whether they come from it or from files that others wrote. */
function filesAreEqual(createSource: (server: TestPostgres) => Promise<void>): void {
  let server: TestPostgres;
  let scratch: Scratch;
  let tables: readonly SourceTable[];
  let expected: ReadonlyMap<string, Contents>;

  beforeAll(async () => {
    server = await startPostgres();
    await createSource(server);
    scratch = new Scratch({ PAGILA_URL: server.url('pagila'), DATAKIT_POSTGRES_LOCAL_URL: server.url('datakit') });
    tables = await readTables(server, 'pagila', 'public');
    expected = await readEach(({ name, columns }) => contentsInPostgres(server, 'pagila', `public."${name}"`, columns));
  });

  afterAll(async () => {
    scratch?.[Symbol.dispose]();
    await server?.stop();
  });

  async function readEach(read: (table: SourceTable) => Promise<Contents>): Promise<Map<string, Contents>> {
    const all = new Map<string, Contents>();
    for (const table of tables) all.set(table.name, await read(table));
    return all;
  }

  async function expectEqualToSource(read: (table: SourceTable) => Promise<Contents>): Promise<void> {
    const found = await readEach(read);
    const different = tables.flatMap(({ name }) => {
      const rows = differences(expected.get(name) ?? [], found.get(name) ?? []);
      return rows.length === 0 ? [] : [[name, rows]];
    });
    expect(Object.fromEntries(different)).toEqual({});
    expect(tables.map(({ name }) => found.get(name)?.length)).toEqual(tables.map(({ rows }) => rows));
  }

  const folder = (kind: string): string => {
    const path = join(scratch.folder, 'files', kind);
    mkdirSync(path, { recursive: true });
    return path;
  };
  const psql = (...commands: string[]): Promise<string> =>
    outputOf('psql', ['--no-psqlrc', '--quiet', ...commands.flatMap((sql) => ['-c', sql]), server.url('pagila')]);
  const ingest = async (kind: string, target: string): Promise<void> => {
    const from = `--sourceUrl=${pathToFileURL(folder(kind)).href}`;
    expectSuccess(await scratch.datakitIngest(`--target=${target}`, from));
  };
  const inPostgres = ({ name, columns }: SourceTable): Promise<Contents> =>
    contentsInPostgres(server, 'datakit', `bronze_pagila."${name}"`, columns);

  test('in csv, as the server writes it, hold every value', async () => {
    const path = folder('csv');
    const copies = tables.map(({ name, columns }) => {
      // Arrays are JSON in files. Another zone, to see that the instant counts.
      const list = columns.map(({ name, type }) =>
        type.endsWith('[]') ? `to_json("${name}") as "${name}"` : `"${name}"`,
      );
      return `\\copy (select ${list.join(', ')} from public."${name}") to '${join(path, `${name}.csv`)}' (format csv, header)`;
    });
    await psql(`set timezone = 'Asia/Kolkata'`, ...copies);
    await ingest('csv', 'postgres_local');
    await expectEqualToSource(inPostgres);
    await ingest('csv', 'sqlite_file');
    await expectEqualToSource(({ name, columns }) =>
      contentsInSqlite(scratch.sqliteFile, `bronze_pagila_${name}`, columns),
    );
  });

  test('in JSON lines, as the server writes them, hold every value', async () => {
    const path = folder('json');
    const plain = `(format csv, quote e'\\x01', delimiter e'\\x02')`;
    const copies = tables.map(
      ({ name }) =>
        `\\copy (select row_to_json(t) from public."${name}" t) to '${join(path, `${name}.ndjson`)}' ${plain}`,
    );
    await psql(`set timezone = 'America/St_Johns'`, ...copies);
    await ingest('json', 'postgres_local');
    await expectEqualToSource(inPostgres);
  });

  test('in Parquet hold every value', async () => {
    const path = folder('parquet');
    expectSuccess(await scratch.datakitIngest('--target=postgres_local', '--formats=parquet'));
    for (const { name, columns } of tables) {
      const written = join(scratch.home, 'files/pagila', name);
      const files = publishedLoads(written).flatMap((load) => load.files.map((file) => join(written, file.path)));
      const list = columns.map((column) => `"${column.name}"`).join(', ');
      await duckdb(
        `copy (select ${list} from read_parquet(${fileList(files)})) to '${join(path, `${name}.parquet`)}' (format parquet)`,
      );
    }
    await ingest('parquet', 'postgres_local');
    await expectEqualToSource(inPostgres);
  });
}
