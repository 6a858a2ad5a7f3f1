import type { ColumnType } from './column-type.ts';

/** One end of a range. */
export interface CursorBound {
  /** Exact, in the portable form of `text-rows`: `42`, `12.50`, `2024-02-29T23:59:59.000000Z`, any text. */
  readonly value: string;
  /** Rows with that very value belong to the range. */
  readonly inclusive: boolean;
}

/**
 * Rows of a table by the values of one column, its cursor. Values compare as those of the declared type: instants as
 * instants, decimals as numbers of any size, texts by their bytes, whatever the collation of the column.
 */
export interface CursorRange {
  /** The source's name of the column. */
  readonly column: string;
  readonly type: ColumnType;
  readonly from?: CursorBound;
  readonly to?: CursorBound;
  /** Also the rows that have no place on the line: null, infinity, NaN. */
  readonly nulls: boolean;
}

/** What a range holds at this moment. */
export interface CursorMeasure {
  /** The greatest value in portable form; undefined where no row of the range has one. */
  readonly greatest: string | undefined;
  /** There are rows in the table that have no place on the line. */
  readonly nulls: boolean;
}

const cursorKinds: readonly ColumnType['kind'][] = [
  ...(['smallint', 'integer', 'bigint', 'numeric'] as const),
  ...(['date', 'timestamp', 'timestamptz', 'text', 'varchar', 'uuid'] as const),
];

/**
 * True where values of the type have one order that every source agrees on, and a text that holds them exactly. Floats
 * have no exact text everywhere, times of day begin anew every day, and the order of padded texts depends on the server.
 */
export function canBeCursor({ kind }: ColumnType): boolean {
  return cursorKinds.includes(kind);
}
