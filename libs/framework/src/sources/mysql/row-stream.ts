import type { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import type { Connection } from 'mysql2';
import { lineEndBytes } from '../row-line.ts';

const chunkBytes = 64 * 1024;

/** What the driver keeps to itself: a query that tells its rows one by one. */
interface RowQuery {
  on(event: 'result', listener: (row: readonly [Buffer | null]) => void): this;
  on(event: 'error', listener: (error: Error) => void): this;
  on(event: 'end', listener: () => void): this;
}

interface Field {
  buffer(): Buffer | null;
}

/** Lines that a server made, as it sends them. */
export interface LineStream {
  readonly rows: Readable;
  bytes(): number;
  count(): number;
}

/**
 * Runs a query whose one column is a line of text, and streams the lines as the bytes that came. The connection rests
 * while nobody reads, so memory does not grow with the table.
 *
 * @param failure makes the error that readers get; of undefined for a row that the server could not send in one piece
 */
export function streamLines(connection: Connection, sql: string, failure: (error: unknown) => Error): LineStream {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let bytes = 0;
  let count = 0;
  const flush = (): boolean => {
    if (pendingBytes === 0) return true;
    const chunk = Buffer.concat(pending, pendingBytes);
    pending = [];
    pendingBytes = 0;
    return rows.push(chunk);
  };
  const rows = new Readable({
    read: () => connection.resume(),
    // A connection at rest would never tell how its query ended.
    destroy: (error, done) => {
      forget();
      connection.resume();
      done(error);
    },
  });
  // The driver tells its connection of a broken wire, and not the query that waits there.
  const onLost = (error?: unknown): void =>
    void rows.destroy(failure(error instanceof Error ? error : connectionLost()));
  connection.on('error', onLost);
  const { stream } = connection as unknown as { stream: EventEmitter };
  stream.once('close', onLost);
  const forget = (): void => {
    connection.removeListener('error', onLost);
    stream.removeListener('close', onLost);
  };
  const asBuffer = (field: Field): Buffer | null => field.buffer();
  const options = { sql, rowsAsArray: true, typeCast: asBuffer } as unknown as { sql: string };
  const query = connection.query(options) as unknown as RowQuery;
  query
    .on('result', ([line]) => {
      if (rows.destroyed) return;
      if (line === null) return void rows.destroy(failure(undefined));
      pending.push(line, lineEndBytes);
      pendingBytes += line.length + 1;
      bytes += line.length + 1;
      count++;
      if (pendingBytes >= chunkBytes && !flush()) connection.pause();
    })
    .on('error', (error) => void rows.destroy(failure(error)))
    .on('end', () => {
      if (rows.destroyed) return;
      flush();
      rows.push(null);
    });
  // The source can fail before anybody reads; whoever reads later is told.
  rows.on('error', () => undefined);
  return { rows, bytes: () => bytes, count: () => count };
}

function connectionLost(): Error {
  return Object.assign(new Error('The connection was lost'), { code: 'PROTOCOL_CONNECTION_LOST' });
}
