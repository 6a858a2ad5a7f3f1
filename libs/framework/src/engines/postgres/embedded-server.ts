import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { datakitHome } from '../../settings/datakit-home.ts';
import { checkAccess, controlFiles, createControlFolder, readKeeperAddress } from './embedded-control.ts';
import { lastLines, serverFailed } from './embedded-failure.ts';
import { askKeeper, spawnKeeper, waitForEnd } from './embedded-keeper-client.ts';
import type { KeeperCandidate } from './embedded-keeper-client.ts';
import { takeProcessLock } from '../../settings/process-lock.ts';
import { serverPlaces } from './embedded-places.ts';
import { stopOrphan } from './embedded-process.ts';

/** The right to use the server. It ends with `release()`, or with the process, however that ends. */
export interface EmbeddedServerLease {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Gives the lease back; where it was the last one and nobody asked to keep the server, waits until it has stopped. */
  release(): Promise<void>;
}

/** Which server, and how long. */
export interface EmbeddedServerOptions {
  /** The folder that the server belongs to; {@link datakitHome} by default. */
  readonly home?: string;
  /** The server outlives its last lease, until {@link stopEmbeddedServer}. */
  readonly keep?: boolean;
}

const leaseTimeoutMs = 90_000;
const stopTimeoutMs = 40_000;
const pollMs = 20;

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
export async function leaseEmbeddedServer(options: EmbeddedServerOptions = {}): Promise<EmbeddedServerLease> {
  const home = resolve(options.home ?? datakitHome());
  const control = controlFiles(home);
  createControlFolder(control);
  checkAccess(control);
  let candidate: KeeperCandidate | undefined;
  for (const deadline = Date.now() + leaseTimeoutMs; Date.now() < deadline; await sleep(pollMs)) {
    const address = readKeeperAddress(control);
    const answer = address && (await askKeeper(address, { want: 'lease', keep: options.keep ?? false }));
    if (answer?.reply.status === 'ready') {
      const { host, port, user, password, keeperPid } = answer.reply;
      candidate?.withdraw(keeperPid);
      answer.socket.unref();
      return { host, port, user, password, release: () => waitForEnd(answer.socket, stopTimeoutMs) };
    }
    const exitCode = candidate?.exitCode();
    if (exitCode) throw serverFailed('its keeper did not start', { log: lastLines(control.keeperLog) });
    if (!candidate || exitCode === 0) candidate = spawnKeeper(home, control);
  }
  throw serverFailed(`no server was ready after ${leaseTimeoutMs / 1000} s`, { log: lastLines(control.keeperLog) });
}

/**
 * Stops a server that was kept, or that a killed keeper left behind.
 * A server in use goes on, and stops with its last lease.
 * @returns false when nothing was stopped
 */
export async function stopEmbeddedServer(options: Pick<EmbeddedServerOptions, 'home'> = {}): Promise<boolean> {
  const control = controlFiles(options.home ?? datakitHome());
  if (!existsSync(control.lock)) return false;
  checkAccess(control);
  for (const deadline = Date.now() + stopTimeoutMs; Date.now() < deadline; await sleep(pollMs)) {
    const address = readKeeperAddress(control);
    const answer = address && (await askKeeper(address, { want: 'stop' }));
    if (answer) {
      await waitForEnd(answer.socket, stopTimeoutMs);
      return answer.reply.status === 'stopped';
    }
    const lock = await takeProcessLock(control.lock);
    if (!lock) continue;
    try {
      return await stopOrphan(serverPlaces(control).data);
    } finally {
      lock.release();
    }
  }
  throw serverFailed('its keeper does not answer', { log: lastLines(control.keeperLog) });
}
