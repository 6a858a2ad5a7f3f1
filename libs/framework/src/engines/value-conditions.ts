import type { ColumnType } from '../model/column-type.ts';
import type { PortablePattern } from '../model/portable-pattern.ts';

export type Comparison = '<' | '<=' | '>' | '>=' | '=';

/**
 * Conditions on stored values, as SQL. They mean the values, however an engine keeps them: decimals that are kept as
 * text compare as numbers, instants as instants. Each is null where the value is null.
 *
 * A column is given quoted. A constant is given in its portable form: `-12.5`, `true`, `2024-02-29`,
 * `2024-02-29T23:59:59.000000Z` (six digits; no `Z` for a timestamp without a zone), `12:30:00`, any text.
 */
export interface ValueConditions {
  /** Infinity is more than every constant; NaN compares with none. */
  compare(column: string, type: ColumnType, comparison: Comparison, constant: string): string;
  isOneOf(column: string, type: ColumnType, constants: readonly string[]): string;
  matches(column: string, type: ColumnType, pattern: PortablePattern): string;
  /** Equal for equal values, also where one value has several texts; can be grouped by. */
  key(column: string, type: ColumnType): string;
  /** Any value as a text for people. */
  text(expression: string): string;
  /** The server's clock, ISO 8601 in UTC with six digits. */
  readonly now: string;
}
