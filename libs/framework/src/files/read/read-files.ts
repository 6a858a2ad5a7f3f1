import type { DuckDb } from '../duckdb.ts';
import type { RawFile, RawRequest, RawRows } from '../raw-rows.ts';
import type { FileReading } from './read-bytes.ts';
import { RawTable } from './raw-table.ts';
import { readCsv, type CsvReading } from './read-csv.ts';
import { readJson } from './read-json.ts';
import { readParquet } from './read-parquet.ts';
import type { FileStamp, SourceFile } from './source-file.ts';

/** A file with its state when it was found. */
export interface StampedFile {
  readonly file: SourceFile;
  readonly stamp: FileStamp;
}

/**
 * Reads files, one after the other, into one table of DuckDB; a table has its order from their names and lines.
 *
 * @param stopped throws where the run was stopped; called for every block
 * @throws SOURCE_CHANGED, SOURCE_UNREADABLE, CONTRACT, DISK_FULL
 */
export async function readFiles(
  files: readonly StampedFile[],
  { columns, jsonColumns = new Set() }: Pick<RawRequest, 'columns' | 'jsonColumns'>,
  csv: CsvReading,
  duckdb: DuckDb,
  stopped: () => void = () => undefined,
): Promise<RawRows> {
  const table = new RawTable(duckdb, columns);
  const read: RawFile[] = [];
  try {
    await table.create();
    for (const { file, stamp } of files) {
      const reading = await readOne(file, stamp);
      read.push({ name: file.name, bytes: reading.bytes(), sha256: reading.sha256() });
    }
    const bytes = read.reduce((sum, file) => sum + file.bytes, 0);
    return { ...(await table.finish(bytes)), files: read };
  } catch (error) {
    await table.abandon();
    throw error;
  }

  function readOne(file: SourceFile, stamp: FileStamp): Promise<FileReading> {
    switch (file.format) {
      case 'csv':
        return readCsv(table, file, stamp, csv, stopped);
      case 'json':
        return readJson(table, file, stamp, jsonColumns, stopped);
      case 'parquet':
        return readParquet(duckdb, table, file, stamp);
    }
  }
}
