import { open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { ConstantColumn, WireColumn } from '../model/wire-format.ts';
import { csvSegments } from './csv-segments.ts';
import { duckDbError } from './duckdb-error.ts';
import { duckDbIdentifier, duckDbLiteral, openDuckDb } from './duckdb.ts';
import { parquetColumn } from './parquet-types.ts';
import type { WrittenPart } from './written-part.ts';

/** Big enough for good row groups, small enough that memory does not grow with the table. */
const segmentBytes = 16 * 1024 * 1024;

/** More would take memory, and the processor from the source that has to keep up. */
const conversionsAtOnce = 2;

/** With less than 200 MB two conversions put rows aside on the disk, which takes twice their processor time. */
const duckDbMegabytes = 256;

/** Of 1 to 22. The default, 3, takes half as much processor time again for a fifteenth less space. */
const compressionLevel = 1;

/** DuckDB takes 16 times the longest row as its buffer unless it is told a size: 1 GiB for rows of 64 MB. */
const longestRowBytes = 32 * 1024 * 1024;
const bufferBytes = longestRowBytes;

/**
 * Writes a stream of csv as Parquet files, one for every segment, compressed with zstd.
 * While DuckDB converts some segments the next one arrives. An empty stream gives one file without rows.
 *
 * @param folder exists; the parts and the csv segments under way lie in it
 * @param constants columns that are not in the stream and have one value in every row
 */
export async function writeParquet(
  folder: string,
  columns: readonly WireColumn[],
  constants: readonly ConstantColumn[],
  rows: Readable,
): Promise<WrittenPart[]> {
  using duckdb = await openDuckDb(join(folder, '.duckdb'), duckDbMegabytes);
  const connections = [duckdb.connection];
  while (connections.length < conversionsAtOnce) connections.push(await duckdb.connect());
  const parts: Promise<WrittenPart>[] = [];
  const startPart = async (csv: string): Promise<void> => {
    // Its connection is free then, and no more segments wait than are converted: memory would grow with each.
    await parts.at(-conversionsAtOnce);
    const connection = connections[parts.length % conversionsAtOnce] as DuckDBConnection;
    const part = convert(connection, folder, parts.length, csv, columns, constants);
    // A failure is thrown where it is awaited; until then it must not count as unhandled.
    part.catch(() => undefined);
    parts.push(part);
  };
  let segment: FileHandle | undefined;
  let segments = 0;
  const path = (): string => join(folder, `.segment-${segments}.csv`);
  try {
    for await (const { bytes, endsSegment } of csvSegments(rows, segmentBytes)) {
      segment ??= await open(path(), 'w');
      await segment.writeFile(bytes);
      if (!endsSegment) continue;
      await segment.close();
      segment = undefined;
      await startPart(path());
      segments++;
    }
    if (segment || parts.length === 0) {
      segment ??= await open(path(), 'w');
      await segment.close();
      segment = undefined;
      await startPart(path());
    }
    return await Promise.all(parts);
  } finally {
    await segment?.close();
    await Promise.allSettled(parts);
    await rm(join(folder, '.duckdb'), { recursive: true, force: true });
  }
}

async function convert(
  connection: DuckDBConnection,
  folder: string,
  index: number,
  csv: string,
  columns: readonly WireColumn[],
  constants: readonly ConstantColumn[],
): Promise<WrittenPart> {
  const name = `part-${String(index).padStart(5, '0')}.parquet`;
  const mapped = columns.map((column) => ({ name: column.name, ...parquetColumn(column) }));
  const types = mapped.map((column) => `${duckDbLiteral(column.name)}: ${duckDbLiteral(column.csvType)}`).join(', ');
  const select = [
    ...mapped.map((column) => `${column.expression} as ${duckDbIdentifier(column.name)}`),
    ...constants.map((constant) => {
      const { csvType } = parquetColumn(constant);
      return `${duckDbLiteral(constant.value)}::${csvType} as ${duckDbIdentifier(constant.name)}`;
    }),
  ].join(', ');
  // A text that is literally \N arrives quoted, and only the unquoted one is NULL.
  const source = `read_csv(${duckDbLiteral(csv)}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"',
    nullstr = '\\N', allow_quoted_nulls = false, new_line = '\\n', max_line_size = ${longestRowBytes}, buffer_size = ${bufferBytes}, columns = {${types}})`;
  const file = duckDbLiteral(join(folder, name));
  try {
    const result = await connection.runAndReadAll(
      `copy (select ${select} from ${source}) to ${file} (format parquet, compression zstd, compression_level ${compressionLevel})`,
    );
    return { name, rows: Number(result.getRows()[0]?.[0] ?? 0) };
  } catch (error) {
    throw duckDbError(error, `write ${name}`, await failingColumn(connection, source, columns));
  } finally {
    await rm(csv, { force: true });
  }
}

/** The column that DuckDB cannot convert: its messages name one for some of the errors only, and quote the row. */
async function failingColumn(
  connection: DuckDBConnection,
  source: string,
  columns: readonly WireColumn[],
): Promise<WireColumn | undefined> {
  for (const column of columns) {
    try {
      await connection.run(`select count(${parquetColumn(column).expression}) from ${source}`);
    } catch {
      return column;
    }
  }
  return undefined;
}
