import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import type { CopyIn, CopyInRequest } from '../copy-in.ts';
import type { Session } from '../session.ts';
import type { PostgresSession } from './connect.ts';
import { quote, quoteTable } from './quote.ts';
import { rowError } from './row-errors.ts';
import { serverError } from './server-error.ts';

/** COPY FROM STDIN; the bytes go from the source's stream to the server's without being looked at. */
export const copyIn: CopyIn = {
  formats: ['postgres-binary', 'postgres-text'],
  addsConstants: false,
  lacks: () => undefined,
  write: async (session: Session, request: CopyInRequest, rows: Readable): Promise<number> => {
    const { from } = await import('pg-copy-streams');
    const { table, columns, format } = request;
    const names = columns.map((column) => quote(column.name)).join(', ');
    const how = format === 'postgres-binary' ? 'format binary' : `format text, encoding 'UTF8'`;
    const sink = (session as PostgresSession).client.query(
      from(`copy ${quoteTable(table)} (${names}) from stdin (${how})`),
    );
    try {
      await pipeline(rows, sink);
    } catch (error) {
      throw rowError(error, request) ?? serverError(error, `copy rows into ${table.name}`);
    }
    return sink.rowCount;
  },
};
