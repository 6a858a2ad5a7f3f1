import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { toDatakitError } from '../../errors/datakit-error.ts';
import type { ProcessLock } from '../../settings/process-lock.ts';
import { removeKeeperAddress, writeKeeperAddress, type KeeperFiles } from './keeper-files.ts';
import { onMessage, send, type KeeperRequest } from './keeper-protocol.ts';
import type { RunningServer } from './kept-server.ts';

const firstLeaseTimeoutMs = 5_000;
const goodbyeTimeoutMs = 1_000;
const heartbeatMs = 2_000;
/** How long a server waits for the next process of a run that may have been killed between two of them. */
const holdTimeoutMs = 60_000;

/** Starts what a lease asks for; all leases of one keeper ask for the same. */
type Start = (specification: unknown) => Promise<RunningServer>;

/** Starts the server for the first lease and stops it after the last; ends the process. */
class Keeper {
  readonly #files: KeeperFiles;
  readonly #lock: ProcessLock;
  readonly #start: Start;
  readonly #token = randomBytes(32).toString('hex');
  readonly #listener: Server;
  readonly #sockets = new Set<Socket>();
  readonly #leases = new Set<Socket>();
  readonly #holds = new Map<string, NodeJS.Timeout>();
  #server: Promise<RunningServer> | undefined;
  #isKept = false;
  #stopping: Promise<never> | undefined;

  constructor(files: KeeperFiles, lock: ProcessLock, start: Start) {
    this.#files = files;
    this.#lock = lock;
    this.#start = start;
    // Half open, so that whoever ends the last lease can wait for our end, which comes after the server's.
    this.#listener = createServer({ allowHalfOpen: true }, (socket) => this.#meet(socket));
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#listener.once('error', reject);
      this.#listener.listen(0, '127.0.0.1', resolve);
    });
    writeKeeperAddress(this.#files, {
      port: (this.#listener.address() as { port: number }).port,
      token: this.#token,
    });
    setTimeout(() => this.#stopUnlessWanted(), firstLeaseTimeoutMs);
  }

  #meet(socket: Socket): void {
    this.#sockets.add(socket);
    const leave = (): void => {
      if (this.#leases.delete(socket)) this.#stopUnlessWanted();
      if (!this.#stopping) socket.end();
    };
    // A killed client shows as an end or as a reset; `close` follows both.
    socket.on('error', () => socket.destroy());
    socket.on('end', leave);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      leave();
    });
    onMessage<KeeperRequest>(socket, (request) => {
      if (!this.#isOurs(request)) socket.destroy();
      else if (this.#stopping) send(socket, { status: 'stopping' });
      else if (request.want === 'lease') void this.#lease(socket, request.keep, request.specification);
      else if (request.want === 'hold') this.#hold(request.run);
      else this.#stopOnDemand(socket, request.run);
    });
  }

  #isOurs({ token }: KeeperRequest): boolean {
    const [given, wanted] = [Buffer.from(String(token)), Buffer.from(this.#token)];
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }

  async #lease(socket: Socket, keep: boolean, specification: unknown): Promise<void> {
    this.#leases.add(socket);
    this.#isKept ||= keep;
    const sayStarting = (): void => send(socket, { status: 'starting' });
    sayStarting();
    const heartbeat = setInterval(sayStarting, heartbeatMs);
    try {
      this.#server ??= this.#startFirst(specification);
      const server = await this.#server;
      send(socket, { status: 'ready', keeperPid: process.pid, ...server.address });
    } catch (error) {
      const { code, message, hint } = toDatakitError(error, 'Starting a server');
      send(socket, { status: 'failed', code, message, hint });
      void this.stop();
    } finally {
      clearInterval(heartbeat);
    }
  }

  async #startFirst(specification: unknown): Promise<RunningServer> {
    const server = await this.#start(specification);
    void server.ended.then(() => this.stop());
    return server;
  }

  #hold(run: string): void {
    this.#release(run);
    this.#holds.set(
      run,
      setTimeout(() => (this.#release(run), this.#stopUnlessWanted()), holdTimeoutMs),
    );
  }

  #release(run: string): void {
    clearTimeout(this.#holds.get(run));
    this.#holds.delete(run);
  }

  #stopOnDemand(socket: Socket, run: string | undefined): void {
    if (run === undefined) this.#isKept = false;
    else this.#release(run);
    send(socket, { status: this.#isWanted ? 'in-use' : 'stopped' });
    this.#stopUnlessWanted();
  }

  get #isWanted(): boolean {
    return this.#leases.size > 0 || this.#holds.size > 0 || this.#isKept;
  }

  #stopUnlessWanted(): void {
    if (!this.#isWanted) void this.stop();
  }

  /** Stops the server, then ends all connections and the process. Later calls wait for the first. */
  stop(): Promise<never> {
    return (this.#stopping ??= this.#stop());
  }

  async #stop(): Promise<never> {
    // First of all, while the lock is still ours: the address of the next keeper must not be removed.
    removeKeeperAddress(this.#files);
    this.#listener.close();
    const server = await this.#server?.catch(() => undefined);
    await server?.stop();
    this.#lock.release();
    const goodbyes = [...this.#sockets].map(
      (socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()).end()),
    );
    await Promise.race([Promise.all(goodbyes), sleep(goodbyeTimeoutMs)]);
    process.exit(0);
  }
}

/** Keeps one server, until nobody wants it any more. */
export async function keepServer(files: KeeperFiles, lock: ProcessLock, start: Start): Promise<void> {
  const keeper = new Keeper(files, lock, start);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void keeper.stop());
  process.on('uncaughtException', (error) => {
    console.error(error);
    void keeper.stop();
  });
  await keeper.listen();
}
