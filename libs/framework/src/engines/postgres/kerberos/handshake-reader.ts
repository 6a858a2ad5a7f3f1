import type { Duplex } from 'node:stream';

/**
 * Reads exact numbers of bytes from a socket while two sides come to terms. Afterwards {@link detach} gives the socket
 * back with what came too early.
 */
export class HandshakeReader {
  readonly #socket: Duplex;
  #received: Buffer = Buffer.alloc(0);
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(socket: Duplex) {
    this.#socket = socket;
    socket.on('data', this.#onData).on('error', this.#onError).on('close', this.#onClose);
  }

  /** Bytes that came and were not read. */
  get unread(): number {
    return this.#received.length;
  }

  /** @throws the socket's error, or one for an end in the middle */
  async read(length: number): Promise<Buffer> {
    while (this.#received.length < length) {
      if (this.#failure) throw this.#failure;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const bytes = this.#received.subarray(0, length);
    this.#received = this.#received.subarray(length);
    return bytes;
  }

  /** Stops reading. @returns the bytes that came and were not read */
  detach(): Buffer {
    this.#socket.pause();
    this.#socket.off('data', this.#onData).off('error', this.#onError).off('close', this.#onClose);
    return this.#received;
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    this.#wake?.();
  };

  readonly #onError = (error: Error): void => {
    this.#failure ??= error;
    this.#wake?.();
  };

  readonly #onClose = (): void => {
    this.#failure ??= Object.assign(new Error('the server closed the connection'), { code: 'ECONNRESET' });
    this.#wake?.();
  };
}
