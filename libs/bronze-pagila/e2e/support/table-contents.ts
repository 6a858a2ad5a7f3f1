import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { outputOf, type TestMariaDB, type TestPostgres } from '@datakit/framework/testing';
import { canonicalRow } from './canonical-text.ts';
import type { SourceColumn } from './source-tables.ts';

/** All rows of a table as canonical text, sorted: equal contents are equal lists, whoever read them. */
export type Contents = readonly string[];

export async function contentsInPostgres(
  server: TestPostgres,
  database: string,
  table: string,
  columns: readonly SourceColumn[],
): Promise<Contents> {
  return sorted(await server.psql(database, `SELECT ${canonicalRow('postgres', columns)} FROM ${table}`));
}

export async function contentsInSqlite(
  file: string,
  table: string,
  columns: readonly SourceColumn[],
): Promise<Contents> {
  return sorted(await sqlite(file, `SELECT ${canonicalRow('sqlite', columns)} FROM "${table}"`));
}

/** MariaDB reads the comparison as standard SQL does, whatever mode it is in otherwise. */
export async function contentsInMariaDB(
  server: TestMariaDB,
  database: string,
  table: string,
  columns: readonly SourceColumn[],
): Promise<Contents> {
  const standard = `SET sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES'`;
  return sorted(
    await server.mariadb(database, `${standard}; SELECT ${canonicalRow('mariadb', columns)} FROM ${table}`),
  );
}

/** What the `sqlite3` program prints. */
export function sqlite(file: string, sql: string): Promise<string> {
  return outputOf('sqlite3', ['-batch', '-noheader', '-separator', '\t', file, '.timeout 10000', sql]);
}

export async function contentsInParquet(files: readonly string[], columns: readonly SourceColumn[]): Promise<Contents> {
  const rows = await duckdb(`SELECT ${canonicalRow('duckdb', columns)} FROM read_parquet(${fileList(files)})`);
  return rows.map(([row]) => String(row)).sort();
}

/** NDJSON is read by PostgreSQL, whose jsonb keeps every digit of a number. */
export async function contentsInNdjson(
  server: TestPostgres,
  files: readonly string[],
  columns: readonly SourceColumn[],
): Promise<Contents> {
  const copies = files.map(
    (file) => `\\copy line FROM '${file}' WITH (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')`,
  );
  const steps = ['CREATE TEMP TABLE line (d jsonb)', ...copies, `SELECT ${canonicalRow('json', columns)} FROM line`];
  const options = ['--no-psqlrc', '--quiet', '--no-align', '--tuples-only', '--set=ON_ERROR_STOP=1'];
  return sorted(await outputOf('psql', [...options, ...steps.flatMap((step) => ['-c', step]), server.url('postgres')]));
}

/** Rows of a DuckDB query. */
export async function duckdb(sql: string): Promise<readonly (readonly unknown[])[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRows();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

export function fileList(files: readonly string[]): string {
  return `[${files.map((file) => `'${file.replaceAll(`'`, `''`)}'`).join(', ')}]`;
}

/** One entry of a table's manifest. */
export interface PublishedLoad {
  readonly loadId: string;
  readonly publishedAt: string;
  readonly files: readonly { path: string; format: string; rows: number; bytes: number; sha256: string }[];
}

/** The loads that a manifest lists, after every file in it was found to be as long and have the hash that it says. */
export function publishedLoads(folder: string): readonly PublishedLoad[] {
  const { loads } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { loads: PublishedLoad[] };
  for (const { path, bytes, sha256 } of loads.flatMap((load) => load.files)) {
    const content = readFileSync(join(folder, path));
    const hash = createHash('sha256').update(content).digest('hex');
    if (content.length !== bytes || hash !== sha256) throw new Error(`${path} is not the file of the manifest`);
  }
  return loads;
}

function sorted(lines: string): Contents {
  return lines === '' ? [] : lines.split('\n').sort();
}
