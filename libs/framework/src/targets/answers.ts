import { connect } from 'node:net';
import type { ServerPlace } from '../engines/place.ts';

const answerTimeoutMs = 2_000;

/** Tells whether anything takes connections there: TCP, or a unix socket where the host is a path. */
export function answers({ host, port }: Pick<ServerPlace<string>, 'host' | 'port'>): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = host.startsWith('/') ? connect({ path: host }) : connect({ host, port });
    const end = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(answerTimeoutMs, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
