import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What happens when so many bytes have passed, counted over all connections and both directions. */
export interface ByteFault {
  readonly at: number;
  /**
   * `cut` resets the connections that are there; `stall` keeps them, and neither side hears of the other any more. Both
   * let later ones pass; `dead` is a stall of those, too. With `call` everything passes on: `onHit` does something to the
   * server behind.
   */
  readonly kind: 'cut' | 'stall' | 'dead' | 'call';
}

/** Stands between a client and its server, counts what passes, and brings one fault. It knows nothing of the protocol. */
export class ByteProxy implements AsyncDisposable {
  /** Bytes that passed so far. */
  passed = 0;
  /** When the fault was brought, by `performance.now()`. */
  hitAt: number | undefined;
  onHit: () => void = () => undefined;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #stalled = new Set<Socket>();
  readonly #fault: ByteFault | undefined;

  private constructor(upstreamPort: number, fault: ByteFault | undefined) {
    this.#fault = fault;
    this.#server = createServer((client) => this.#relay(client, connect(upstreamPort, '127.0.0.1')));
  }

  static async start(upstreamPort: number, fault?: ByteFault): Promise<ByteProxy> {
    const proxy = new ByteProxy(upstreamPort, fault);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  #relay(client: Socket, server: Socket): void {
    for (const [socket, peer] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => this.#pass(chunk, socket, peer));
      socket.on('drain', () => void (this.#stalled.has(peer) || peer.resume()));
      // A stalled network does not tell one side that the other one has gone.
      socket.on('end', () => void (this.#stalled.has(socket) || peer.end()));
      socket.on('close', () => {
        this.#sockets.delete(socket);
        if (!this.#stalled.has(socket)) peer.destroy();
      });
    }
    if (this.hitAt !== undefined && this.#fault?.kind === 'dead') this.#stall([client, server]);
  }

  #pass(chunk: Buffer, from: Socket, to: Socket): void {
    if (this.#stalled.has(from)) return;
    this.passed += chunk.length;
    if (this.#fault && this.hitAt === undefined && this.passed >= this.#fault.at) {
      this.hitAt = performance.now();
      this.onHit();
      if (this.#fault.kind === 'cut') for (const socket of this.#sockets) socket.resetAndDestroy();
      else if (this.#fault.kind !== 'call') this.#stall([...this.#sockets]);
      if (this.#fault.kind !== 'call') return;
    }
    if (!to.write(chunk)) from.pause();
  }

  /** Nobody reads any more, so what either side sends fills the buffers between them, as on a wire that is cut. */
  #stall(sockets: readonly Socket[]): void {
    for (const socket of sockets) {
      this.#stalled.add(socket);
      socket.pause();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    if (this.#server.listening) await once(this.#server, 'close');
  }
}
