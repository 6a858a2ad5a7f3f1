import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DatakitError } from '../../errors/datakit-error.ts';
import { duckDbLiteral, type DuckDb } from '../duckdb.ts';
import { duckDbError } from '../duckdb-error.ts';
import { requireColumns } from './column-names.ts';
import { exactPath, parquetColumns } from './parquet-columns.ts';
import type { RawTable } from './raw-table.ts';
import { readOnce, type FileReading } from './read-bytes.ts';
import { unwritable } from './segment-writer.ts';
import { unreadable, type FileStamp, type SourceFile } from './source-file.ts';

let madeCopies = 0;

/**
 * Works on a copy of a Parquet file: its reader jumps around in the file, and what it reads has to be what was hashed.
 * @throws SOURCE_CHANGED, SOURCE_UNREADABLE, DISK_FULL
 */
export async function withCopy<Result>(
  duckdb: DuckDb,
  file: SourceFile,
  stamp: FileStamp,
  tell: (reading: FileReading) => void,
  work: (path: string) => Promise<Result>,
): Promise<{ reading: FileReading; result: Result }> {
  const reading = readOnce(file, stamp);
  const path = join(duckdb.temporaryFolder, `.copy-${process.pid}-${madeCopies++}.parquet`);
  try {
    await mkdir(duckdb.temporaryFolder, { recursive: true });
    const told = async function* (): AsyncGenerator<Buffer> {
      for await (const block of reading.blocks) {
        tell(reading);
        yield block;
      }
    };
    await pipeline(told, createWriteStream(path, { mode: 0o600 })).catch((error: unknown) => {
      throw error instanceof DatakitError ? error : unwritable(error);
    });
    return { reading, result: await work(path) };
  } catch (error) {
    throw error instanceof DatakitError ? error : parquetError(file, error);
  } finally {
    await rm(path, { force: true });
  }
}

/** Reads one Parquet file into a raw table; its lines are its rows. */
export async function readParquet(
  duckdb: DuckDb,
  table: RawTable,
  file: SourceFile,
  stamp: FileStamp,
  tell: (reading: FileReading) => void,
): Promise<FileReading> {
  const { reading } = await withCopy(duckdb, file, stamp, tell, async (path) => {
    const texts = new Map((await parquetColumns(duckdb, path)).map(({ name, text }) => [name, text]));
    requireColumns(file, [...texts.keys()], table.columns.keys());
    const taken = [...table.columns.keys()].map((column) => texts.get(column) ?? 'null');
    const select = [...taken, duckDbLiteral(file.name), 'file_row_number + 1'].join(', ');
    const from = `read_parquet(${exactPath(path)}, file_row_number = true)`;
    await duckdb.connection.run(`insert into ${table.name} select ${select} from ${from}`);
  });
  return reading;
}

/** Its messages quote nothing of the rows, but the path of the copy. */
export function parquetError(file: SourceFile, error: unknown): DatakitError {
  const message = (error as Partial<Error> | null)?.message ?? '';
  if (/No space left|Out of Memory/i.test(message)) return duckDbError(error, `read the file ${file.name}`);
  return unreadable(file, 'is not a Parquet file, or was cut', 'Have it written again.', error);
}
