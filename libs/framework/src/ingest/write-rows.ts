import type { Session } from '../engines/session.ts';
import type { TableName } from '../engines/table-structure.ts';
import { chooseFormat } from './choose-format.ts';
import type { LoadContext } from './load-context.ts';
import type { RowReader } from './row-reader.ts';

/** Fills a table with the rows of one load; which table is for the way of publishing to say. */
export type WriteRows = (into: TableName) => Promise<void>;

/** Rows from the source or from its sift, in the fastest format that both ends name. */
export function writeRowsOf(reader: RowReader, context: LoadContext, session: Session): WriteRows {
  const { copyIn } = context.engine;
  const format = chooseFormat(copyIn.formats, reader.formats);
  const columns = copyIn.addsConstants ? reader.columns : [...reader.columns, ...reader.constants];
  const constants = copyIn.addsConstants ? reader.constants : [];
  return (into) =>
    reader.through(format, !copyIn.addsConstants, (rows) =>
      copyIn.write(session, { table: into, columns, constants, format }, rows),
    );
}
