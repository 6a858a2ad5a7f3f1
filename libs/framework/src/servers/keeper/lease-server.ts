import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { takeProcessLock } from '../../settings/process-lock.ts';
import { askKeeper, spawnKeeper, waitForEnd, type KeeperCandidate } from './keeper-client.ts';
import { send, type KeeperWish } from './keeper-protocol.ts';
import { checkAccess, createKeeperFolder, keeperFiles, readKeeperAddress } from './keeper-files.ts';
import type { KeptServer, ServerAddress } from './kept-server.ts';
import { lastLines } from './last-lines.ts';

/** The right to use a server. It ends with `release()`, or with the process, however that ends. */
export interface ServerLease extends ServerAddress {
  /**
   * Gives the lease back; where it was the last one and nobody asked to keep the server, waits until it has stopped.
   * @param run a run with processes to come: the server waits for them, until {@link endServerRun}
   */
  release(run?: string): Promise<void>;
}

const leaseTimeoutMs = 90_000;
const stopTimeoutMs = 40_000;
const pollMs = 20;

/**
 * Leases a server of ours, and starts it when it does not run. All processes with a lease share one server;
 * it stops when the last lease has ended, also by a kill.
 *
 * @param keep the server outlives its last lease, until {@link stopServer}
 * @throws SERVER_FAILED, CONTAINER_FAILED with the last lines of the server's log
 */
export async function leaseServer(server: KeptServer, keep = false): Promise<ServerLease> {
  createKeeperFolder(server);
  checkAccess(server);
  const { keeperLog } = keeperFiles(server.folder);
  let candidate: KeeperCandidate | undefined;
  for (const deadline = Date.now() + leaseTimeoutMs; Date.now() < deadline; await sleep(pollMs)) {
    const address = readKeeperAddress(server);
    const wish = { want: 'lease', keep, specification: server.specification } as const;
    const answer = address && (await askKeeper(address, wish));
    if (address && answer?.reply.status === 'ready') {
      const { host, port, user, password, keeperPid } = answer.reply;
      candidate?.withdraw(keeperPid);
      const { socket } = answer;
      socket.unref();
      const release = async (run?: string): Promise<void> => {
        if (run !== undefined && !socket.closed) send(socket, { token: address.token, want: 'hold', run });
        await waitForEnd(socket, stopTimeoutMs);
      };
      return { host, port, user, password, release };
    }
    const exitCode = candidate?.exitCode();
    if (exitCode) throw server.failed('its keeper did not start', { log: lastLines(keeperLog) });
    if (!candidate || exitCode === 0) candidate = spawnKeeper(server);
  }
  throw server.failed(`no server was ready after ${leaseTimeoutMs / 1000} s`, { log: lastLines(keeperLog) });
}

/**
 * Stops a server that was kept, or that a killed keeper left behind.
 * A server in use goes on, and stops with its last lease.
 *
 * @param stopOrphan stops what a killed keeper left; called while no keeper can start one
 * @returns false when nothing was stopped
 */
export function stopServer(server: KeptServer, stopOrphan: () => Promise<boolean>): Promise<boolean> {
  return askToStop(server, { want: 'stop' }, stopOrphan);
}

/** Tells the keeper of a server that no process of a run will come any more; waits where it stops the server then. */
export async function endServerRun(server: KeptServer, run: string): Promise<void> {
  await askToStop(server, { want: 'stop', run }, async () => false);
}

async function askToStop(
  server: KeptServer,
  wish: Extract<KeeperWish, { want: 'stop' }>,
  withoutKeeper: () => Promise<boolean>,
): Promise<boolean> {
  const { lock: lockFile, keeperLog } = keeperFiles(server.folder);
  if (!existsSync(lockFile)) return false;
  checkAccess(server);
  for (const deadline = Date.now() + stopTimeoutMs; Date.now() < deadline; await sleep(pollMs)) {
    const address = readKeeperAddress(server);
    const answer = address && (await askKeeper(address, wish));
    if (answer) {
      await waitForEnd(answer.socket, stopTimeoutMs);
      return answer.reply.status === 'stopped';
    }
    const lock = await takeProcessLock(lockFile);
    if (!lock) continue;
    try {
      return await withoutKeeper();
    } finally {
      lock.release();
    }
  }
  throw server.failed('its keeper does not answer', { log: lastLines(keeperLog) });
}
