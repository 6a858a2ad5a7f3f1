import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { MessageSplitter } from './client-messages.ts';

/** What happens when the client sends its message number `at`, counted from 1 over all connections. */
export interface ProxyFault {
  readonly at: number;
  /** `kill` calls `onKill`, which is to end the client; `cut` resets them; `stall` keeps them and passes nothing on any more. */
  readonly kind: 'kill' | 'cut' | 'stall';
  /** Whether the server still gets the message. */
  readonly delivered: boolean;
}

/**
 * Stands between a client and its server, counts the client's messages, and brings one fault.
 * It reads the protocol in the clear, so the connection must not be encrypted.
 */
export class MessageProxy implements AsyncDisposable {
  /** What the client sent so far, one label a message. */
  readonly labels: string[] = [];
  /** When the fault was brought, by `performance.now()`. */
  hitAt: number | undefined;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #fault: ProxyFault | undefined;
  /** Nothing passes any more. */
  #silent = false;
  onKill: () => void = () => undefined;

  private constructor(upstreamPort: number, messages: () => MessageSplitter, fault: ProxyFault | undefined) {
    this.#fault = fault;
    this.#server = createServer((client) => this.#relay(client, connect(upstreamPort, '127.0.0.1'), messages()));
  }

  static async start(upstreamPort: number, messages: () => MessageSplitter, fault?: ProxyFault): Promise<MessageProxy> {
    const proxy = new MessageProxy(upstreamPort, messages, fault);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  #relay(client: Socket, server: Socket, splitter: MessageSplitter): void {
    const pairs = [
      [client, server],
      [server, client],
    ] as const;
    for (const [socket, peer] of pairs) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      // A stalled network does not tell one side that the other one has gone; a dead client's kernel does.
      const tells = (): boolean => socket === client || !this.#silent;
      socket.on('end', () => void (tells() && peer.end()));
      socket.on('close', () => {
        this.#sockets.delete(socket);
        if (tells()) peer.destroy();
      });
    }
    server.on('data', (chunk) => void (this.#silent || client.write(chunk)));
    client.on('data', (chunk) => {
      for (const message of splitter.push(chunk)) this.#pass(message, splitter, server);
    });
  }

  #pass(message: Buffer, splitter: MessageSplitter, server: Socket): void {
    if (this.#silent || server.destroyed) return;
    if (!splitter.isPoint(message)) return void server.write(message);
    this.labels.push(splitter.label(message));
    if (this.#fault?.at === this.labels.length) this.#break(message, server, this.#fault);
    else server.write(message);
  }

  #break(message: Buffer, server: Socket, { kind, delivered }: ProxyFault): void {
    this.hitAt = performance.now();
    this.#silent = true;
    if (kind === 'kill') this.onKill();
    if (delivered) server.write(message);
    // A little later: the message is with the server before the connection breaks, and its answer never arrives.
    if (kind === 'cut') setTimeout(() => this.#reset(), delivered ? 20 : 0);
  }

  #reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    if (this.#server.listening) await once(this.#server, 'close');
  }
}
