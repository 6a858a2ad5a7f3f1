import type { Readable } from 'node:stream';
import type { ColumnType } from '../model/column-type.ts';
import type { LackingForm } from '../model/lacking-form.ts';
import type { ConstantColumn, WireColumn, WireFormat } from '../model/wire-format.ts';
import type { Session } from './session.ts';
import type { TableName } from './table-structure.ts';

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
  /** What the engine has no form for among the values of a type; a load that meets one ends with BAD_ROWS. */
  lacks(type: ColumnType): LackingForm | undefined;
  /** How rows are written where this server does not take the fast way, for the report; undefined where it does. */
  slowWay?(session: Session): Promise<string | undefined>;
}
