import type { CursorBound, CursorRange } from '../model/cursor-range.ts';

/** A cursor as the SQL of a source, where null is the only value without a place. */
export interface CursorSql {
  /** The column as it is. */
  readonly column: string;
  /** What rows compare and sort by. */
  readonly value: string;
  /** A value in portable form, of the same kind. */
  literal(value: string): string;
}

/** The rows of a range, as a condition. */
export function rangeCondition({ from, to, nulls }: CursorRange, { column, value, literal }: CursorSql): string {
  const compare = (sign: '<' | '>', { value: bound, inclusive }: CursorBound): string =>
    `${value} ${sign}${inclusive ? '=' : ''} ${literal(bound)}`;
  const bounds = [...(from ? [compare('>', from)] : []), ...(to ? [compare('<', to)] : [])];
  if (!nulls) return [...bounds, `${column} is not null`].join(' and ');
  return bounds.length === 0 ? '1 = 1' : `(${bounds.join(' and ')} or ${column} is null)`;
}

/**
 * Asks for the greatest value of a range.
 * @param from the table
 * @param text the portable text of the column
 */
export function greatestStatement(
  range: CursorRange,
  cursor: CursorSql,
  { from, text, rows }: { readonly from: string; readonly text: string; readonly rows: number | undefined },
): string {
  const first = `select ${cursor.column} from ${from} where ${rangeCondition({ ...range, nulls: false }, cursor)} order by ${cursor.value}`;
  return `select ${text} as greatest from (${rows === undefined ? `${first} desc limit 1` : `${first} limit ${rows}`}) datakit_rows
    order by ${cursor.value} desc limit 1`;
}
