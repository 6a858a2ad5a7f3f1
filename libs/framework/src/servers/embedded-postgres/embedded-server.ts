import { resolve } from 'node:path';
import { datakitHome } from '../../settings/datakit-home.ts';
import type { KeptServer } from '../keeper/kept-server.ts';
import { leaseServer, stopServer, type ServerLease } from '../keeper/lease-server.ts';
import { isRoot } from './account.ts';
import { serverFailed } from './embedded-failure.ts';
import { embeddedFiles } from './embedded-files.ts';
import { serverPlaces } from './places.ts';
import { stopOrphan } from './process.ts';

/** Which server, and how long. */
export interface EmbeddedServerOptions {
  /** The folder that the server belongs to; {@link datakitHome} by default. */
  readonly home?: string;
  /** The server outlives its last lease, until {@link stopEmbeddedServer}. */
  readonly keep?: boolean;
}

/**
 * Leases the PostgreSQL server of a home, and starts it when it does not run.
 * All processes with a lease share one server; it stops when the last lease has ended, also by a kill.
 * Its data stay in `<home>/postgres`, or below `/var/lib/datakit` where root runs us and nobody else may enter the home.
 *
 * @throws SERVER_FAILED with the last lines of the server's log
 * @example
 * ```ts
 * const { release, ...connection } = await leaseEmbeddedServer();
 * const client = new pg.Client({ ...connection, database: 'postgres' });
 * ```
 */
export function leaseEmbeddedServer(options: EmbeddedServerOptions = {}): Promise<ServerLease> {
  return leaseServer(embeddedServer(options.home), options.keep);
}

/**
 * Stops a server that was kept, or that a killed keeper left behind.
 * A server in use goes on, and stops with its last lease.
 * @returns false when nothing was stopped
 */
export function stopEmbeddedServer(options: Pick<EmbeddedServerOptions, 'home'> = {}): Promise<boolean> {
  const server = embeddedServer(options.home);
  return stopServer(server, () => stopOrphan(serverPlaces(embeddedFiles(options.home ?? datakitHome())).data));
}

function embeddedServer(home: string = datakitHome()): KeptServer {
  const { folder, password, serverLog } = embeddedFiles(resolve(home));
  return {
    kind: 'embedded-postgres',
    folder,
    // The account that the server runs as must pass through it, so root leaves it open to enter.
    folderMode: isRoot() ? 0o711 : 0o700,
    files: [password, serverLog],
    specification: null,
    failed: serverFailed,
  };
}
