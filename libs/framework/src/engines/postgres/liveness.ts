import type pg from 'pg';
import { closeConnection, watchConnection } from '../connection-watch.ts';
import { serverError } from './server-error.ts';

/** What the driver keeps to itself. */
interface ClientInternals {
  readonly readyForQuery: boolean;
  readonly connection: {
    readonly stream: { readonly bytesRead: number; readonly bytesWritten: number; destroy(error?: Error): void };
  };
}

/**
 * Watches a connection for a server that has gone without a word.
 *
 * @param open opens another connection like it, within the bound of connecting
 * @param processId of the server's process behind it; undefined behind a pooler, which gives each transaction another one
 */
export function watchClient(
  client: pg.Client,
  open: () => Promise<pg.Client>,
  processId: () => number | undefined,
): Disposable {
  const { connection } = client as unknown as ClientInternals;
  return watchConnection({
    isWaiting: () => !(client as unknown as ClientInternals).readyForQuery,
    traffic: () => connection.stream.bytesRead + connection.stream.bytesWritten,
    isAlive: () => isAlive(open, processId()),
    abandon: (error) => connection.stream.destroy(error),
  });
}

/** Ends a connection; one that does not answer is not waited for. */
export function closeClient(client: pg.Client): Promise<void> {
  return closeConnection(
    () => client.end(),
    () => destroyClient(client),
  );
}

/** Ends a connection at once. Its server rolls back what is open when it looks for us, a second later at most. */
export function destroyClient(client: pg.Client, error?: Error): void {
  (client as unknown as ClientInternals).connection.stream.destroy(error);
}

async function isAlive(open: () => Promise<pg.Client>, processId: number | undefined): Promise<boolean> {
  let asking: pg.Client | undefined;
  try {
    asking = await open();
    if (processId === undefined) return true;
    const { rows } = await asking.query<{ state: string | null }>('select state from pg_stat_activity where pid = $1', [
      processId,
    ]);
    // Idle means that it has answered, and the answer never came.
    return rows[0] !== undefined && !rows[0].state?.startsWith('idle');
  } catch (error) {
    // A server that refuses us, for want of connections or of rights, is alive.
    return serverError(error, 'ask the server').code !== 'TARGET_UNREACHABLE';
  } finally {
    if (asking) await closeClient(asking);
  }
}
