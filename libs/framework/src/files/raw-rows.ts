import type { DuckDb } from './duckdb.ts';

/** Which columns of which table a source without types puts into DuckDB. */
export interface RawRequest {
  readonly schema: string;
  readonly table: string;
  /** Columns by the names that the source gives them; others are not read. */
  readonly columns: readonly string[];
  /** Those among them that hold JSON: a JSON text stays `"in quotes"` there. */
  readonly jsonColumns?: ReadonlySet<string>;
  /** Where files may lie meanwhile; it ends with the load. */
  readonly folder: string;
  /** Files that need not be read again. */
  readonly known?: KnownFiles;
  /** Told while the source is read, and may throw to end that. @param bytes that were read so far */
  readonly onProgress?: (bytes: number) => void;
}

/** Files whose rows were loaded. */
export interface KnownFiles {
  /** By name. */
  readonly hashes: ReadonlyMap<string, string>;
  /** What happens where one has another content now: it is read again, or refused. */
  readonly readsChanged: boolean;
}

/**
 * Rows of a source as texts, in a table of DuckDB: what a sift judges. The table is read more than once, so it is no
 * view of something that may change, and its order is the order of the source.
 */
export interface RawRows {
  /** Name of the table, not quoted. */
  readonly table: string;
  /**
   * The source's name of a column → the name it has in the table, where all of them are VARCHAR and a null is a null.
   * Two names, because DuckDB takes `id` and `ID` for one.
   */
  readonly columns: ReadonlyMap<string, string>;
  /** Column that says from which file a row comes, as people know it; absent where there are no files. */
  readonly fileColumn?: string;
  /** BIGINT column with the line on which a row begins, counted from 1; absent where there are no lines. */
  readonly lineColumn?: string;
  /** Table of what the reader could not take for rows, with the columns of {@link rejectColumns}; absent where there is none. */
  readonly rejects?: string;
  /** Bytes that were read. */
  readonly bytes: number;
  /** The files that the rows come from; absent where there are none. */
  readonly files?: readonly RawFile[];
}

/** A file that was read from its first byte to its last. */
export interface RawFile {
  /** As people know it, and as `fileColumn` has it. */
  readonly name: string;
  readonly bytes: number;
  /** Of the bytes that were read, in hex. */
  readonly sha256: string;
}

/**
 * The columns of a table of rejects. Each is one row of the source: `read = loaded + rejects`.
 * - `source_row`: the row as a JSON object of texts, or as a JSON text where it could not be taken apart
 * - `column_name`: where it fails, by the source's name; null where the whole row does
 * - `reason`: one of {@link rejectReasons}
 * - `file`, `line`: where it stands; null where that means nothing
 */
export const rejectColumns = {
  source_row: 'VARCHAR',
  column_name: 'VARCHAR',
  reason: 'VARCHAR',
  file: 'VARCHAR',
  line: 'BIGINT',
} as const;

/** Why a row is set aside, with what that means. */
export const rejectReasons = {
  wrong_type: 'is no value of the declared type',
  out_of_range: 'is beyond what the declared type holds, or a day that no calendar has',
  too_precise: 'has more digits than the declared type keeps',
  too_long: 'has more characters than declared',
  null_in_required: 'is null, and the column is declared to have a value',
  no_form: 'has no form in the target (NaN on SQLite, infinity on MySQL)',
  invalid_text: 'holds a NUL, or bytes that are no UTF-8',
  duplicate_key: 'has the key of an earlier row',
  unknown_column: 'has a value in a column that is not declared',
  unreadable_line: 'is no row of the format',
  wrong_field_count: 'has more or fewer fields than the header',
  truncated_line: 'is the last line and has no line end, so it may have been cut',
} as const;

export type RejectReason = keyof typeof rejectReasons;

/** Statement that makes an empty table of rejects. */
export function createRejects(table: string): string {
  const columns = Object.entries(rejectColumns).map(([name, type]) => `${name} ${type}`);
  return `create table ${table} (${columns.join(', ')})`;
}

/** A place that can give its rows as texts. */
export interface RawReader {
  /** Fills a table of the given DuckDB. @throws SOURCE_UNAVAILABLE, SOURCE_TABLE_UNKNOWN, DISK_FULL */
  readRaw(request: RawRequest, duckdb: DuckDb): Promise<RawRows>;
}
