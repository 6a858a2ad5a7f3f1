import { isUtf8 } from 'node:buffer';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { csvSegments } from '../csv-segments.ts';
import { duckDbError } from '../duckdb-error.ts';
import { duckDbIdentifier, duckDbLiteral, type DuckDb } from '../duckdb.ts';
import { createRejects, type RawRows } from '../raw-rows.ts';
import { csvRows } from './csv-rows.ts';

/** DuckDB's buffer is as long as a segment, and the segment itself is in our memory. */
const segmentBytes = 4 * 1024 * 1024;

/**
 * Puts a stream of the wire format `csv` into a table of DuckDB, as texts. Rows with bytes that are no UTF-8, which
 * DuckDB would refuse with all the others, become rejects.
 *
 * @param names the source's names of the columns, in the order of the stream
 * @param folder exists
 * @returns with the number of rows, of the table and of the rejects together
 */
export async function stageCsv(
  { connection }: DuckDb,
  names: readonly string[],
  rows: Readable,
  folder: string,
): Promise<RawRows & { readonly rows: number }> {
  const table = 'datakit_raw';
  const rejects = 'datakit_unread';
  const columns = new Map(names.map((name, index) => [name, `c${index}`]));
  const list = [...columns.values()].map(duckDbIdentifier);
  const types = list.map((name) => `${name.replaceAll('"', "'")}: 'VARCHAR'`).join(', ');
  const path = join(folder, '.segment.csv');
  let bytes = 0;
  const insert = async (longest: number): Promise<void> => {
    await connection.run(
      `insert into ${table} select * from read_csv(${duckDbLiteral(path)}, auto_detect = false, header = false, delim = ',',
        quote = '"', escape = '"', nullstr = '\\N', allow_quoted_nulls = false, new_line = '\\n',
        max_line_size = ${longest}, buffer_size = ${longest}, columns = {${types}})`,
    );
  };
  try {
    await connection.run(`create table ${table} (${list.map((name) => `${name} VARCHAR`).join(', ')})`);
    await connection.run(createRejects(rejects));
    let segment: Buffer[] = [];
    const flush = async (): Promise<void> => {
      const whole = Buffer.concat(segment);
      segment = [];
      if (whole.length === 0) return;
      const readable = isUtf8(whole) ? [whole] : await withoutBadRows(connection, rejects, whole);
      const file = await open(path, 'w', 0o600);
      for (const part of readable) await file.writeFile(part);
      await file.close();
      await insert(whole.length + 1);
    };
    for await (const piece of csvSegments(rows, segmentBytes)) {
      bytes += piece.bytes.length;
      segment.push(piece.bytes);
      if (piece.endsSegment) await flush();
    }
    await flush();
  } catch (error) {
    throw duckDbError(error, 'put the rows aside');
  } finally {
    await rm(path, { force: true });
  }
  const counted = await connection.runAndReadAll(
    `select (select count(*) from ${table}) + (select count(*) from ${rejects})`,
  );
  return { table, columns, rejects, bytes, rows: Number(counted.getRows()[0]?.[0] ?? 0) };
}

async function withoutBadRows(connection: DuckDb['connection'], rejects: string, whole: Buffer): Promise<Buffer[]> {
  const good: Buffer[] = [];
  const bad: string[] = [];
  for (const row of csvRows(whole)) {
    if (isUtf8(row)) good.push(row);
    // What is no character is shown as one that says so.
    else bad.push(duckDbLiteral(JSON.stringify(row.toString('utf8').replace(/\n$/, ''))));
  }
  for (let at = 0; at < bad.length; at += 500) {
    const values = bad.slice(at, at + 500).map((row) => `(${row}, null, 'invalid_text', null, null)`);
    await connection.run(`insert into ${rejects} values ${values.join(', ')}`);
  }
  return good;
}
