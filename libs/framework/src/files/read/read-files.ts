import type { DuckDb } from '../duckdb.ts';
import type { KnownFiles, RawFile, RawRequest, RawRows } from '../raw-rows.ts';
import { readOnce, type FileReading } from './read-bytes.ts';
import { RawTable } from './raw-table.ts';
import { readCsv, type CsvReading } from './read-csv.ts';
import { readJson } from './read-json.ts';
import { readParquet } from './read-parquet.ts';
import { changedSinceLoad, type FileStamp, type SourceFile } from './source-file.ts';

/** A file with its state when it was found. */
export interface StampedFile {
  readonly file: SourceFile;
  readonly stamp: FileStamp;
}

/**
 * Reads files, one after the other, into one table of DuckDB; a table has its order from their names and lines.
 *
 * @throws SOURCE_CHANGED also for a known file that has another content now, SOURCE_UNREADABLE, CONTRACT, DISK_FULL
 */
export async function readFiles(
  files: readonly StampedFile[],
  { columns, jsonColumns = new Set(), known, onProgress }: Omit<RawRequest, 'schema' | 'table' | 'folder'>,
  csv: CsvReading,
  duckdb: DuckDb,
): Promise<RawRows> {
  const table = new RawTable(duckdb, columns);
  const read: RawFile[] = [];
  let done = 0;
  const tell = (reading: FileReading): void => onProgress?.(done + reading.bytes());
  try {
    await table.create();
    for (const { file, stamp } of files) {
      if (known && (await isKnown(file, stamp, known))) continue;
      const reading = await readOne(file, stamp);
      read.push({ name: file.name, bytes: reading.bytes(), sha256: reading.sha256() });
      done += reading.bytes();
    }
    return { ...(await table.finish(done)), files: read };
  } catch (error) {
    await table.abandon();
    throw error;
  }

  function readOne(file: SourceFile, stamp: FileStamp): Promise<FileReading> {
    switch (file.format) {
      case 'csv':
        return readCsv(table, file, stamp, csv, tell);
      case 'json':
        return readJson(table, file, stamp, jsonColumns, tell);
      case 'parquet':
        return readParquet(duckdb, table, file, stamp, tell);
    }
  }
}

/** The whole content decides, not the time: a file may be touched, and another may have its size. */
async function isKnown(file: SourceFile, stamp: FileStamp, known: KnownFiles): Promise<boolean> {
  const expected = known.hashes.get(file.name);
  if (expected === undefined) return false;
  const reading = readOnce({ ...file, compression: undefined }, stamp);
  for await (const _ of reading.blocks);
  if (reading.sha256() === expected) return true;
  if (known.readsChanged) return false;
  throw changedSinceLoad(file);
}
