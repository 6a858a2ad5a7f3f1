import type { Socket } from 'node:net';
import type { ErrorCode } from '../../errors/error-codes.ts';
import type { ServerAddress } from './kept-server.ts';

/** What a process tells the keeper: what it wants, and in a lease later perhaps that its run goes on. */
export type KeeperRequest = { readonly token: string } & KeeperWish;

export type KeeperWish =
  /** A lease lasts as long as its connection. */
  | { readonly want: 'lease'; readonly keep: boolean; readonly specification: unknown }
  /** At the end of a lease: a later process of the same run will want the server, so it waits for that one. */
  | { readonly want: 'hold'; readonly run: string }
  /** Without a run: no longer keep the server. With one: no process of that run will come any more. */
  | { readonly want: 'stop'; readonly run?: string };

/** What the keeper answers. */
export type KeeperReply =
  /** Heard, and said again and again: wait. Tells the keeper from a stranger that got a dead keeper's port. */
  | { readonly status: 'starting' }
  | ({ readonly status: 'ready'; readonly keeperPid: number } & ServerAddress)
  /** Too late: ask the next keeper. */
  | { readonly status: 'stopping' }
  /** Answer to `stop` while somebody wants the server: it stops with the last lease, unless it is kept. */
  | { readonly status: 'in-use' }
  | { readonly status: 'stopped' }
  | {
      readonly status: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly hint: string | undefined;
    };

/** Sends one message: a line of JSON. */
export function send(socket: Socket, message: KeeperRequest | KeeperReply): void {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
}

/** Calls back for every message that arrives; destroys a connection that talks something else. */
export function onMessage<Message>(socket: Socket, callback: (message: Message) => void): void {
  let rest = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    try {
      for (const line of lines) callback(JSON.parse(line) as Message);
    } catch {
      socket.destroy();
    }
  });
}
