import type { ColumnType } from './column-type.ts';

/**
 * How rows travel, from the fastest to the most general:
 * - `postgres-binary`: COPY binary; both ends must have the identical built-in types, which the SELECT casts to
 * - `text-rows`: COPY text framing (tab, newline, backslash escapes, `\N`) with portable values: booleans 0 and 1,
 *   instants as ISO 8601 in UTC with six digits, bytes in hex, arrays and json as JSON, everything else as its text
 * - `postgres-text`: the same framing with values as PostgreSQL reads them: bytes as `\x…`, arrays as `{…}`
 * - `csv`: the portable values of `text-rows` in RFC 4180 quoting, NULL as an unquoted `\N`; instants as `2022-02-15 09:34:33.5+00`
 * - `json-lines`: one JSON object a line
 */
export const wireFormats = ['postgres-binary', 'postgres-text', 'text-rows', 'csv', 'json-lines'] as const;
export type WireFormat = (typeof wireFormats)[number];

/** A column on its way: name and declared type. */
export interface WireColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** A value that has no form where it goes becomes null there, instead of ending the load. */
  readonly lossy?: boolean;
}

/** A column that has the same value in every row of a load, as portable text. */
export interface ConstantColumn extends WireColumn {
  readonly value: string;
}
