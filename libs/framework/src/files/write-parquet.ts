import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { WireColumn } from '../model/wire-format.ts';
import { csvSegments } from './csv-segments.ts';
import { duckDbError } from './duckdb-error.ts';
import { duckDbIdentifier, duckDbLiteral, openDuckDb, type DuckDb } from './duckdb.ts';
import { parquetColumn } from './parquet-types.ts';
import type { WrittenPart } from './written-part.ts';

/** Big enough for good row groups, small enough that memory does not grow with the table. */
const segmentBytes = 32 * 1024 * 1024;

/** DuckDB takes 16 times the longest row as its buffer unless it is told a size: 1 GiB for rows of 64 MB. */
const longestRowBytes = 16 * 1024 * 1024;
const bufferBytes = 2 * longestRowBytes;

/**
 * Writes a stream of csv as Parquet files, one for every segment, compressed with zstd.
 * While DuckDB converts one segment the next one arrives. An empty stream gives one file without rows.
 *
 * @param folder exists; the parts and the csv segments under way lie in it
 */
export async function writeParquet(folder: string, columns: readonly WireColumn[], rows: Readable): Promise<WrittenPart[]> {
  using duckdb = await openDuckDb(join(folder, '.duckdb'));
  const parts: Promise<WrittenPart>[] = [];
  let converting: Promise<unknown> = Promise.resolve();
  let index = 0;
  try {
    for await (const segment of csvSegments(rows, segmentBytes)) {
      const csv = await writeSegment(folder, index, segment);
      await converting;
      const part = convert(duckdb, folder, index++, csv, columns);
      converting = part;
      // A failure is thrown where it is awaited; until then it must not count as unhandled.
      part.catch(() => undefined);
      parts.push(part);
    }
    if (index === 0) parts.push(convert(duckdb, folder, 0, await writeSegment(folder, 0, []), columns));
    return await Promise.all(parts);
  } finally {
    await Promise.allSettled(parts);
    await rm(join(folder, '.duckdb'), { recursive: true, force: true });
  }
}

async function writeSegment(folder: string, index: number, chunks: readonly Buffer[]): Promise<string> {
  const path = join(folder, `.segment-${index}.csv`);
  const file = await open(path, 'w');
  try {
    if (chunks.length > 0) await file.writev([...chunks]);
  } finally {
    await file.close();
  }
  return path;
}

async function convert(
  { connection }: DuckDb,
  folder: string,
  index: number,
  csv: string,
  columns: readonly WireColumn[],
): Promise<WrittenPart> {
  const name = `part-${String(index).padStart(5, '0')}.parquet`;
  const mapped = columns.map((column) => ({ name: column.name, ...parquetColumn(column.name, column.type) }));
  const types = mapped.map((column) => `${duckDbLiteral(column.name)}: ${duckDbLiteral(column.csvType)}`).join(', ');
  const select = mapped.map((column) => `${column.expression} as ${duckDbIdentifier(column.name)}`).join(', ');
  // A text that is literally \N arrives quoted, and only the unquoted one is NULL.
  const source = `read_csv(${duckDbLiteral(csv)}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"',
    nullstr = '\\N', allow_quoted_nulls = false, new_line = '\\n', max_line_size = ${longestRowBytes}, buffer_size = ${bufferBytes}, columns = {${types}})`;
  const file = duckDbLiteral(join(folder, name));
  try {
    const result = await connection.runAndReadAll(
      `copy (select ${select} from ${source}) to ${file} (format parquet, compression zstd)`,
    );
    return { name, rows: Number(result.getRows()[0]?.[0] ?? 0) };
  } catch (error) {
    throw duckDbError(error, `write ${name}`);
  } finally {
    await rm(csv, { force: true });
  }
}
