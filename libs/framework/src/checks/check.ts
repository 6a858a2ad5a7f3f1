import type { TableName } from '../engines/table-structure.ts';
import type { ExpectationKind, RowCounts, Severity } from '../model/expectation.ts';
import type { CheckedColumn, CheckedTable } from './checked-table.ts';

/** An expectation, ready to run on one engine. */
export interface Check {
  readonly table: CheckedTable;
  readonly kind: ExpectationKind;
  readonly severity: Severity;
  /** `film.length`, `film`. */
  readonly object: string;
  /** What is wrong where it fails: `out of range`. */
  readonly problem: string;
  /** What was expected, for people. */
  readonly expected: string;
  /** Columns that must be there, by table; a statement of the user's own may need more. */
  readonly needs: readonly { readonly table: TableName; readonly columns: readonly string[] }[];
  /** It holds SQL of the user's, which may name any column. */
  readonly hasOwnSql: boolean;
  readonly way: RowCheck | CountCheck | NewestCheck | StatementCheck;
}

/** Decided row by row, so that one scan decides all of a table. */
export interface RowCheck {
  readonly by: 'row';
  /** True for a row that fails. */
  readonly failing: string;
}

/** Counts rows, in the same scan. */
export interface CountCheck {
  readonly by: 'count';
  /** True for a row that counts. */
  readonly condition: string;
  readonly counts: RowCounts;
}

/** Looks for the newest row, in the same scan. */
export interface NewestCheck {
  readonly by: 'newest';
  readonly condition: string;
  readonly column: CheckedColumn;
  readonly maxAgeMs: number;
}

/** Compares rows with others, which takes a statement of its own. */
export interface StatementCheck {
  readonly by: 'statement';
  /** Returns `failed`, the number of failing rows. */
  readonly countQuery: string;
  /** Returns the failing rows. */
  rowsQuery(selected: string): string;
  /** Columns that tell a failing row; `none` where it is no row that fails. */
  readonly shown: 'key' | 'all' | 'none';
  /** What was found, for people, from the row that `countQuery` returns; the number of failing rows where it is absent. */
  readonly found?: (row: Readonly<Record<string, unknown>>) => string;
  /** The primary key guarantees it, so there is nothing to look for. */
  readonly isGuaranteed: boolean;
}
