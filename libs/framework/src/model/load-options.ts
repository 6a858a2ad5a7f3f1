/** What becomes of a table's earlier rows. */
export const dispositions = ['replace', 'append', 'merge'] as const;
export type Disposition = (typeof dispositions)[number];

/** What a load reads: everything, or what changed since the last one. */
export const loadModes = ['full_snapshot', 'incremental'] as const;
export type LoadMode = (typeof loadModes)[number];

/** What an incremental load does with rows whose cursor is null, or infinite, or not a number. */
export const nullCursorPolicies = ['error', 'skip', 'load'] as const;
export type NullCursorPolicy = (typeof nullCursorPolicies)[number];

/** How the rows of a table are loaded; only what differs from the default. */
export interface LoadOptions<Column extends string = string> {
  /**
   * - `replace` (the default): the table holds the source's rows, and no others
   * - `append`: rows are added, and those that are there stay as they are
   * - `merge`: rows of a key that is there are changed, the others added; rows that are equal are not touched
   */
  readonly disposition?: Disposition;
  /**
   * Columns by which `merge`, and `append` of an incremental load, know a row again; the primary key where nothing else
   * is said. None of them may be null.
   */
  readonly key?: readonly Column[];
  /**
   * What `merge` does with rows that are gone from the source: leave them (the default), delete them, or write the time of
   * the load into a nullable `timestamptz` column, which the source does not have. A row that comes back loses its mark.
   * Only a full snapshot can tell which rows are gone.
   */
  readonly gone?: 'keep' | 'delete' | { readonly mark: Column };
  /** The column by which an incremental load finds what changed. */
  readonly cursor?: CursorOptions<Column>;
}

/** A column that only grows, as its rows are added or changed: a number, a time, a UUID of version 7. */
export interface CursorOptions<Column extends string = string> {
  readonly column: Column;
  /**
   * How far each load reads back before the greatest value of the last one: `5 minutes`, `2 days` for times; a whole
   * number or a decimal for numbers. Rows that are committed later than others of a greater value are found within it.
   */
  readonly lag?: string | number;
  /** Rows without a value; `error` where nothing is said. */
  readonly nulls?: NullCursorPolicy;
  /** Commit after so many rows, and after all those of the same value; absent: one commit a load. */
  readonly batchRows?: number;
}
