import type { Readable } from 'node:stream';
import type { ColumnType } from '../model/column-type.ts';
import type { Session } from './session.ts';
import type { TableName } from './table-structure.ts';

/**
 * How rows travel, from the fastest to the most general:
 * - `postgres-binary`: COPY binary; both ends must have the identical built-in types, which the SELECT casts to
 * - `text-rows`: COPY text framing (tab, newline, backslash escapes, `\N`) with portable values: booleans 0 and 1,
 *   instants as ISO 8601 in UTC with six digits, bytes in hex, arrays and json as JSON, everything else as its text
 * - `csv`: the same portable values in RFC 4180 quoting, NULL as an unquoted `\N`
 * - `json-lines`: one JSON object a line
 */
export const wireFormats = ['postgres-binary', 'text-rows', 'csv', 'json-lines'] as const;
export type WireFormat = (typeof wireFormats)[number];

/** A column on its way: name and declared type. */
export interface WireColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** A column that has the same value in every row of a load, as portable text. */
export interface ConstantColumn extends WireColumn {
  readonly value: string;
}

/** What is written where. */
export interface CopyInRequest {
  readonly table: TableName;
  /** The columns in the stream, in its order. */
  readonly columns: readonly WireColumn[];
  /** Columns that the engine adds to every row itself; empty unless it {@link CopyIn.addsConstants}. */
  readonly constants: readonly ConstantColumn[];
  readonly format: WireFormat;
}

/** How an engine takes rows. */
export interface CopyIn {
  /** Best first. */
  readonly formats: readonly WireFormat[];
  /** True where it is cheaper to add constant columns here than to send them with every row. */
  readonly addsConstants: boolean;
  /**
   * Writes a stream of rows into a table, inside the session's transaction. Rows never become objects.
   * @returns number of rows written
   * @throws BAD_ROWS for a value that the engine cannot keep; the message names the column, never the value
   */
  write(session: Session, request: CopyInRequest, rows: Readable): Promise<number>;
}
