import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** The account that a server runs as; empty for our own. */
export interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

/** Servers refuse to run as root, so root lends them an account that every machine has. */
export function unprivilegedOwner(preferred: string): Owner {
  if (process.getuid?.() !== 0) return {};
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const account = accounts.find(([name]) => name === preferred) ?? accounts.find(([name]) => name === 'nobody');
  if (!account) throw new Error(`Servers do not run as root, and there is no user "${preferred}" or "nobody"`);
  return { uid: Number(account[2]), gid: Number(account[3]) };
}

/**
 * A server under a shell that waits on a pipe from us. However this process ends, the pipe closes,
 * and the shell stops the server and removes its folder: a crashed test leaves nothing.
 * What it prints is in the file `log` of the folder.
 */
export function runGuarded(
  command: readonly string[],
  folder: string,
  owner: Owner,
  signal: string,
  environment: NodeJS.ProcessEnv = process.env,
): ChildProcess {
  const guard = `
    exec 3<&0
    "$@" >"$FOLDER/log" 2>&1 &
    server=$!
    (read -r _ <&3; touch "$FOLDER/stopped"; kill -${signal} $server) &
    reader=$!
    wait $server
    [ -e "$FOLDER/stopped" ] || { kill $reader; exit 1; }
    rm -rf "$FOLDER"`;
  return spawn('/bin/sh', ['-c', guard, 'guard', ...command], {
    ...owner,
    cwd: folder,
    env: { ...environment, FOLDER: folder },
    stdio: ['pipe', 'ignore', 'ignore'],
    // Its own process group: Ctrl-C at the terminal reaches us, and we stop the server in order.
    detached: true,
  });
}

/** Ends a guarded server and waits until it is gone. */
export async function stopGuarded(server: ChildProcess): Promise<void> {
  server.stdin?.end();
  if (server.exitCode === null) await new Promise((resolve) => server.once('exit', resolve));
}

/** Kills what runs under a guard, and waits: the guard ends with it and leaves the folder. */
export async function crashGuarded(
  server: ChildProcess,
  pid: number,
  signal: NodeJS.Signals,
  downMs: number,
): Promise<void> {
  const ended = new Promise((resolve) => server.once('exit', resolve));
  process.kill(pid, signal);
  await ended;
  await sleep(downMs);
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
