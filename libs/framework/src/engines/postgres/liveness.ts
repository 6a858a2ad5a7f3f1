import type pg from 'pg';
import { closeConnection, watchConnection, type Answer } from '../connection-watch.ts';
import { serverError } from './server-error.ts';

/** What the driver keeps to itself. */
interface ClientInternals {
  readonly readyForQuery: boolean;
  /** What runs; COPY FROM is a stream that rows are written to. */
  readonly _activeQuery?: { readonly writableEnded?: boolean } | null;
  readonly connection: {
    readonly stream: {
      readonly bytesRead: number;
      readonly bytesWritten: number;
      readonly readableLength: number;
      readonly writableLength: number;
      destroy(error?: Error): void;
    };
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
    ask: () => ask(open, processId(), client as unknown as ClientInternals),
    abandon: (error, answers) => {
      connection.stream.destroy(error);
      if (answers) void terminate(open, processId());
    },
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

/** A session whose client went without a word would hold its locks until the network tells its server, for hours. */
async function terminate(open: () => Promise<pg.Client>, processId: number | undefined): Promise<void> {
  if (processId === undefined) return;
  try {
    const client = await open();
    try {
      await client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where pid = $1 and usename = current_user and application_name = 'datakit'`,
        [processId],
      );
    } finally {
      await closeClient(client);
    }
  } catch {
    // Nobody is there to be told.
  }
}

async function ask(
  open: () => Promise<pg.Client>,
  processId: number | undefined,
  { connection: { stream }, _activeQuery }: ClientInternals,
): Promise<Answer> {
  let asking: pg.Client | undefined;
  try {
    asking = await open();
    if (processId === undefined) return 'works';
    const { rows } = await asking.query<{ state: string | null; waits: string | null }>(
      'select state, wait_event as waits from pg_stat_activity where pid = $1',
      [processId],
    );
    const [row] = rows;
    // Idle means that it has answered, and the answer never came.
    if (row === undefined || row.state?.startsWith('idle')) return 'lost us';
    // Each waits for the other: only this one wire is cut.
    const hasMoreRows = _activeQuery?.writableEnded === false && stream.writableLength === 0;
    const neverArrives =
      (row.waits === 'ClientWrite' && stream.readableLength === 0) || (row.waits === 'ClientRead' && !hasMoreRows);
    return neverArrives ? 'lost us' : 'works';
  } catch (error) {
    // A server that refuses us, for want of connections or of rights, is alive.
    return serverError(error, 'ask the server').code === 'TARGET_UNREACHABLE' ? 'is away' : 'works';
  } finally {
    if (asking) await closeClient(asking);
  }
}
