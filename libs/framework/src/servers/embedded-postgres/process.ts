import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isAlive } from '../../settings/is-alive.ts';

/** What a running server writes into its data folder about itself. */
export interface PostmasterState {
  readonly pid: number;
  /** True when it takes connections. */
  readonly ready: boolean;
}

/** Reads `postmaster.pid`; undefined where there is none, or only half of it yet. */
export async function readPostmasterState(data: string): Promise<PostmasterState | undefined> {
  const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  return pid > 0 ? { pid, ready: lines[7]?.trim() === 'ready' } : undefined;
}

/**
 * Stops a server: first politely (sessions are rolled back, data is flushed), at last by force.
 * Windows knows only force; the server then recovers from its log at the next start.
 */
export async function stopPostmaster(pid: number): Promise<void> {
  for (const [signal, patienceMs] of [
    ['SIGINT', 20_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    const deadline = Date.now() + patienceMs;
    while (Date.now() < deadline) {
      if (!isAlive(pid)) return;
      await sleep(10);
    }
  }
}

/**
 * Stops the server that a killed keeper left behind, and removes a `postmaster.pid` that names somebody else's process:
 * numbers are used again, and PostgreSQL would take any living process of its own user for a server.
 * The caller holds the keeper lock.
 * @returns false when no server ran
 */
export async function stopOrphan(data: string): Promise<boolean> {
  const state = await readPostmasterState(data);
  if (!state) return false;
  if (isAlive(state.pid) && (await isServerOf(data, state.pid))) {
    await stopPostmaster(state.pid);
    return true;
  }
  await rm(join(data, 'postmaster.pid'), { force: true });
  return false;
}

async function isServerOf(data: string, pid: number): Promise<boolean> {
  const folder = realpathSync(data);
  // A server makes its data folder the current one.
  if (process.platform === 'linux') return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === folder;
  const { stdout } = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }));
  return stdout.includes(data) || stdout.includes(folder);
}
