import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerBinaries } from './binaries.ts';
import { serverEnvironment } from './cluster.ts';
import type { EmbeddedFiles } from './embedded-files.ts';
import { lastLines } from '../keeper/last-lines.ts';
import { serverFailed } from './embedded-failure.ts';
import type { ServerPlaces } from './places.ts';
import { readPostmasterState, stopPostmaster } from './process.ts';
import { serverSettings } from './settings.ts';

/** A server that takes connections. */
export interface Postmaster {
  readonly port: number;
  /** Settles when the process has ended, for whatever reason. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

const attempts = 5;
const startTimeoutMs = 60_000;

// The port may be taken between our look and its bind; the backends of a killed server need a moment to notice.
const transientFailure = /could not bind|could not create any TCP\/IP sockets|pre-existing shared memory block/;

/** Starts the server on a free port and waits until it takes connections. */
export async function startPostmaster(
  control: EmbeddedFiles,
  places: ServerPlaces,
  binaries: ServerBinaries,
): Promise<Postmaster> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(control, places, binaries);
    } catch (error) {
      if (attempt === attempts || !transientFailure.test(String(error))) throw error;
      await sleep(attempt * 300);
    }
  }
}

async function startOnce(
  { serverLog }: EmbeddedFiles,
  { data, folder, account }: ServerPlaces,
  { postgres }: ServerBinaries,
): Promise<Postmaster> {
  const port = await freePort();
  const settings = Object.entries(serverSettings(port)).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = openSync(serverLog, 'w', 0o600);
  const child = spawn(postgres, ['-D', data, ...settings], {
    cwd: folder,
    env: serverEnvironment,
    stdio: ['ignore', log, log],
    ...account,
  });
  closeSync(log);

  let isOver = false;
  let cause: unknown;
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => resolve(void ((cause = error), (isOver = true))));
    child.once('exit', () => resolve(void (isOver = true)));
  });
  const stop = async (): Promise<void> => {
    if (!isOver && child.pid !== undefined) await Promise.race([stopPostmaster(child.pid), ended]);
  };

  for (const deadline = Date.now() + startTimeoutMs; ; await sleep(10)) {
    if (isOver) throw serverFailed(`it did not start in ${data}`, { log: lastLines(serverLog), cause });
    const state = await readPostmasterState(data);
    if (state?.ready && state.pid === child.pid) return { port, ended, stop };
    if (Date.now() > deadline) {
      await stop();
      throw serverFailed(`it was not ready after ${startTimeoutMs / 1000} s`, { log: lastLines(serverLog) });
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
