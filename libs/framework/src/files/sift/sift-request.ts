import type { ColumnType } from '../../model/column-type.ts';
import type { LackingForm } from '../../model/lacking-form.ts';
import type { WireColumn } from '../../model/wire-format.ts';

/** What becomes of a value that does not fit the declared type. */
export type Misfit =
  /** Its row is a bad one. */
  | 'reject'
  /** Its row is set aside, as the contract allows. */
  | 'discard row'
  /** Null takes its place. */
  | 'discard value'
  /** Null takes its place, and the column for what is extra keeps it. */
  | 'extra';

/** One column that a load fills. */
export interface SiftColumn extends WireColumn {
  /** The source's name. */
  readonly from: string;
  /** The source has checked it: the text is the value of the declared type in the form of `csv`. */
  readonly trusted: boolean;
  readonly required: boolean;
  readonly misfit: Misfit;
  readonly lacking: readonly LackingForm[];
  /** Characters that the target keeps, where those are fewer than declared. */
  readonly longest?: number;
}

/** A column of the source that is not declared. */
export interface UndeclaredColumn {
  readonly from: string;
  readonly type: ColumnType;
  /** Kept in the column for what is extra, or its rows are set aside where it has a value. */
  readonly becomes: 'extra' | 'discard row';
}

/** What good rows are. */
export interface SiftRequest {
  readonly columns: readonly SiftColumn[];
  readonly undeclared: readonly UndeclaredColumn[];
  /** The json column that takes what is not declared; undefined where the table has none. */
  readonly extra: WireColumn | undefined;
  /** Keys that no two rows share, by our names of the columns; a row with a null in one has none. */
  readonly keys: readonly (readonly string[])[];
}

/** Rows that were set aside for one reason in one column. */
export interface SiftCount {
  /** Ours where it is declared; null where the whole row is meant. */
  readonly column: string | null;
  readonly reason: string;
  readonly rows: number;
  /** The contract wants such rows aside: they are no reason to refuse a load. */
  readonly allowed: boolean;
  /** False for what the reader could not take for rows. */
  readonly wasRead: boolean;
  /** Where the first ones stand: `orders.csv:17`, else the number of the row. */
  readonly first: readonly string[];
}
