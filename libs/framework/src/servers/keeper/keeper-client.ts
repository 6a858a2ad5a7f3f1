import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { dirname, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatakitError } from '../../errors/datakit-error.ts';
import { keeperFiles, type KeeperAddress } from './keeper-files.ts';
import { onMessage, send, type KeeperReply, type KeeperRequest, type KeeperWish } from './keeper-protocol.ts';
import type { KeptServer } from './kept-server.ts';

/** A conversation with a keeper that has come to its answer. */
export interface KeeperAnswer {
  readonly reply: Exclude<KeeperReply, { status: 'starting' | 'stopping' | 'failed' }>;
  readonly socket: Socket;
}

/** A keeper to be, on its way to the lock. */
export interface KeeperCandidate {
  /** Undefined while it runs; 0 where another keeper was at work already. */
  exitCode(): number | undefined;
  /** Ends it, unless it is the keeper that gave us our lease: while we have that, no other can be at work. */
  withdraw(keeperPid: number): void;
}

const heardTimeoutMs = 3_000;
/** A keeper that starts a server says so every two seconds, however long it takes. */
const silenceTimeoutMs = 60_000;

/**
 * Asks the keeper at an address.
 * @returns undefined when nobody, a stranger, or a keeper that is stopping answers there
 * @throws SERVER_FAILED, CONTAINER_FAILED as the keeper reports it
 */
export function askKeeper({ port, token }: KeeperAddress, wish: KeeperWish): Promise<KeeperAnswer | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    let timer = setTimeout(() => socket.destroy(), heardTimeoutMs);
    // `close` follows; without this handler the reset of a killed keeper would end our process.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(undefined);
    });
    onMessage<KeeperReply>(socket, (reply) => {
      clearTimeout(timer);
      if (reply.status === 'starting') timer = setTimeout(() => socket.destroy(), silenceTimeoutMs);
      else if (reply.status === 'stopping') socket.destroy();
      else if (reply.status === 'failed') {
        const { code, message, hint } = reply;
        reject(new DatakitError({ code, message, ...(hint === undefined ? {} : { hint }) }));
        socket.destroy();
      } else resolve({ reply, socket });
    });
    send(socket, { token, ...wish } satisfies KeeperRequest);
  });
}

/** Starts a keeper as a process of its own, which neither our end nor our terminal's Ctrl-C touches. */
export function spawnKeeper({ kind, folder }: KeptServer): KeeperCandidate {
  const here = fileURLToPath(import.meta.url);
  const program = `${dirname(here)}/keeper-program${extname(here)}`;
  const log = openSync(keeperFiles(folder).keeperLog, 'a', 0o600);
  const { NODE_OPTIONS: _ours, ...env } = process.env;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, kind, folder], {
    cwd: folder,
    detached: true,
    env,
    stdio: ['ignore', log, log],
    windowsHide: true,
  });
  closeSync(log);
  child.unref();
  let failed = false;
  child.once('error', () => (failed = true));
  return {
    exitCode: () => (failed ? 1 : (child.exitCode ?? (child.signalCode === null ? undefined : 1))),
    withdraw: (keeperPid) => {
      if (child.pid !== keeperPid) child.kill();
    },
  };
}

/** Waits until the other side has ended the connection, at most `timeoutMs`. */
export function waitForEnd(socket: Socket, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) return resolve();
    const timer = setTimeout(() => socket.destroy(), timeoutMs);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.ref().end();
  });
}
