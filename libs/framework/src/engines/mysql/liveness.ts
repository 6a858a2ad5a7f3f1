import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Connection } from 'mysql2/promise';
import { closeConnection, watchConnection, type Answer } from '../connection-watch.ts';
import { serverError } from './server-error.ts';

/** What the driver keeps to itself. */
interface ConnectionInternals {
  readonly connection: {
    /** What runs; LOAD DATA has a stream that rows are read from. */
    readonly _command?: { readonly _localStream?: Readable };
    readonly stream: Socket;
  };
}

/**
 * Watches a connection for a server that has gone without a word.
 *
 * @param open opens another connection like it, within the bound of connecting
 * @param connectionId of the server; undefined behind a proxy, which has numbers of its own
 */
export function watchMysql(
  connection: Connection,
  open: () => Promise<Connection>,
  connectionId: () => number | undefined,
): Disposable {
  const { connection: core } = connection as unknown as ConnectionInternals;
  return watchConnection({
    isWaiting: () => Boolean(core._command),
    traffic: () => core.stream.bytesRead + core.stream.bytesWritten,
    ask: () => ask(open, connectionId(), core),
    // It would hold its locks until the network tells its server, for hours.
    abandon: (error, answers) =>
      answers ? void killMysql(connection, open, connectionId(), error) : destroyMysql(connection, error),
  });
}

/** Ends a connection; one that does not answer is not waited for. */
export function closeMysql(connection: Connection): Promise<void> {
  const { stream } = (connection as unknown as ConnectionInternals).connection;
  const close = async (): Promise<void> => {
    // The driver is content when it has said good-bye; the process lives until the server has closed, too.
    const closed = stream.closed ? undefined : once(stream, 'close');
    await connection.end();
    await closed;
  };
  return closeConnection(close, () => destroyMysql(connection));
}

/** Ends a connection at once; the driver's own way would still wait for the server to end it, too. */
export function destroyMysql(connection: Connection, error?: Error): void {
  (connection as unknown as ConnectionInternals).connection.stream.destroy(error);
}

/**
 * Ends a connection at once. The server only looks for its client between two statements, so it is told over another
 * connection to stop the one in hand.
 */
export async function killMysql(
  connection: Connection,
  open: () => Promise<Connection>,
  connectionId: number | undefined,
  reason?: Error,
): Promise<void> {
  if (reason) destroyMysql(connection, reason);
  try {
    if (connectionId === undefined) return;
    const other = await open();
    await other.query(`kill ${connectionId}`).catch(() => undefined);
    await closeMysql(other);
  } catch {
    // Nobody is there to be told.
  } finally {
    const lost = Object.assign(new Error('The connection was ended'), { code: 'PROTOCOL_CONNECTION_LOST' });
    destroyMysql(connection, lost);
  }
}

async function ask(
  open: () => Promise<Connection>,
  connectionId: number | undefined,
  { stream, _command }: ConnectionInternals['connection'],
): Promise<Answer> {
  let asking: Connection | undefined;
  try {
    asking = await open();
    if (connectionId === undefined) return 'works';
    const sql = 'select command, state from information_schema.processlist where id = ?';
    const [found] = await asking.query(sql, [connectionId]);
    const [row] = found as { command: string; state: string | null }[];
    // Asleep means that it has answered, and the answer never came.
    if (row === undefined || row.command === 'Sleep') return 'lost us';
    // Each waits for the other: only this one wire is cut.
    const rows = _command?._localStream;
    const hasMoreRows = rows?.readableEnded === false && stream.writableLength === 0;
    const neverArrives =
      (/^(writing|sending) to (net|client)/i.test(row.state ?? '') && stream.readableLength === 0) ||
      (/^reading from net/i.test(row.state ?? '') && !hasMoreRows);
    return neverArrives ? 'lost us' : 'works';
  } catch (error) {
    // A server that refuses us, for want of connections or of rights, is alive.
    return serverError(error, 'ask the server').code === 'TARGET_UNREACHABLE' ? 'is away' : 'works';
  } finally {
    if (asking) await closeMysql(asking);
  }
}
