import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { DatakitError } from '../../../errors/datakit-error.ts';
import { EncryptedPackets } from './encrypted-packets.ts';
import type { CredentialPlace } from './gss-credential.ts';
import { GssContext } from './gss-context.ts';
import { asksForEncryption, authenticate, exchangeTokens } from './gss-handshake.ts';
import { HandshakeReader } from './handshake-reader.ts';

/** How a connection uses Kerberos; names as libpq has them. */
export interface KerberosOptions extends CredentialPlace {
  /** `disable`: authenticate only; `prefer`: encrypt where the server can; `require`: encrypt or fail. */
  readonly gssencmode: 'disable' | 'prefer' | 'require';
  /** First part of the service principal; `postgres`. */
  readonly krbsrvname?: string;
  /** Secures the socket where the server does not encrypt with Kerberos; the rest goes through what it returns. */
  readonly upgrade?: (socket: Socket, host: string) => Promise<Duplex>;
}

/** As much as pg's own socket buffers for a COPY. */
const bufferBytes = 256 * 1024;

/**
 * A connection to PostgreSQL that authenticates with Kerberos and, where it may, encrypts with it. Every client that
 * takes a stream of one's own takes it: `pg` clients and pools, MikroORM's `driverOptions`; cancel requests, too.
 *
 * Its errors are KERBEROS_NO_TICKET, KERBEROS_EXPIRED, KERBEROS_SERVICE_UNKNOWN, KERBEROS_KDC_UNREACHABLE,
 * KERBEROS_ENCRYPTION_REFUSED, KERBEROS_LIBRARY, KERBEROS_FAILED, and the socket's own.
 *
 * @see https://www.postgresql.org/docs/current/protocol-flow.html (GSSAPI session encryption)
 * @example
 * ```ts
 * new pg.Pool({ host: 'db.example.com', user: 'alice', stream: () => new KerberosStream({ gssencmode: 'require' }) });
 * ```
 */
export class KerberosStream extends Duplex {
  readonly #options: KerberosOptions;
  readonly #socket = new Socket();
  #line: Duplex = this.#socket;
  #context: GssContext | undefined;
  #packets: EncryptedPackets | undefined;
  #isFlowing = false;

  constructor(options: KerberosOptions) {
    super({ readableHighWaterMark: bufferBytes, writableHighWaterMark: bufferBytes });
    this.#options = options;
  }

  /** Connects, and says `connect` when the driver may send its first message. */
  connect(port: number, host: string): this {
    this.#open(port, host).catch((error: Error) => this.destroy(error));
    return this;
  }

  async #open(port: number, host: string): Promise<void> {
    const { gssencmode, upgrade } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#socket.once('error', reject).connect({ port, host }, () => {
        this.#socket.off('error', reject);
        resolve();
      });
    });
    const reader = new HandshakeReader(this.#socket);
    const context = await this.#contextToEncrypt(host);
    if (context && (await asksForEncryption(this.#socket, reader))) {
      await exchangeTokens(this.#socket, reader, context);
      this.#packets = new EncryptedPackets(context);
      this.#flow(reader.detach());
      this.emit('connect');
      return;
    }
    if (gssencmode === 'require') throw encryptionRefused(host, port);
    context?.[Symbol.dispose]();
    this.#context = undefined;
    if (upgrade) {
      reader.detach();
      this.#line = await upgrade(this.#socket, host);
    }
    this.emit('connect');
    const authReader = upgrade ? new HandshakeReader(this.#line) : reader;
    this.#line.resume();
    const first = await authenticate(this.#line, authReader, () => this.#contextFor(host));
    this.#context = undefined;
    this.push(first);
    this.#flow(authReader.detach());
  }

  async #contextToEncrypt(host: string): Promise<GssContext | undefined> {
    if (this.#options.gssencmode === 'disable') return undefined;
    try {
      return await this.#contextFor(host);
    } catch (error) {
      // Without a ticket `prefer` goes on unencrypted, as libpq does; where the server wants one, it will ask.
      if (this.#options.gssencmode === 'prefer' && (error as DatakitError).code === 'KERBEROS_NO_TICKET')
        return undefined;
      throw error;
    }
  }

  async #contextFor(host: string): Promise<GssContext> {
    const { krbsrvname = 'postgres', credentialCache, clientKeytab } = this.#options;
    const place = {
      ...(credentialCache === undefined ? {} : { credentialCache }),
      ...(clientKeytab === undefined ? {} : { clientKeytab }),
    };
    const context = await GssContext.start(`${krbsrvname}@${host}`, place);
    if (this.destroyed) context[Symbol.dispose]();
    return (this.#context = context);
  }

  /** From here on, everything that comes is for the driver. */
  #flow(early: Buffer): void {
    this.#isFlowing = true;
    this.#line
      .on('data', (chunk: Buffer) => this.#receive(chunk))
      .on('error', (error) => this.destroy(error))
      .on('end', () => this.push(null))
      .on('close', () => this.destroy());
    if (early.length > 0) this.#receive(early);
    this.#line.resume();
  }

  #receive(chunk: Buffer): void {
    try {
      const plain = this.#packets ? this.#packets.decrypt(chunk) : [chunk];
      let wantsMore = true;
      for (const bytes of plain) wantsMore = this.push(bytes);
      if (!wantsMore) this.#line.pause();
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  override _read(): void {
    if (this.#isFlowing) this.#line.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#send(chunk, done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  #send(bytes: Buffer, done: (error?: Error | null) => void): void {
    try {
      if (!this.#packets) return void this.#line.write(bytes, done);
      this.#line.cork();
      const packets = this.#packets.encrypt(bytes);
      for (const [index, packet] of packets.entries()) {
        this.#line.write(packet, index === packets.length - 1 ? done : undefined);
      }
      if (packets.length === 0) done();
      this.#line.uncork();
    } catch (error) {
      done(error as Error);
    }
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#line.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#line.destroy();
    this.#socket.destroy();
    this.#context?.[Symbol.dispose]();
    done(error);
  }

  /** As a socket counts them; what watches a connection for a server gone silent looks here. */
  get bytesRead(): number {
    return this.#socket.bytesRead;
  }

  get bytesWritten(): number {
    return this.#socket.bytesWritten;
  }

  setNoDelay(noDelay?: boolean): this {
    this.#socket.setNoDelay(noDelay);
    return this;
  }

  setKeepAlive(enable?: boolean, initialDelay?: number): this {
    this.#socket.setKeepAlive(enable, initialDelay);
    return this;
  }

  ref(): this {
    this.#socket.ref();
    return this;
  }

  unref(): this {
    this.#socket.unref();
    return this;
  }
}

function encryptionRefused(host: string, port: number): DatakitError {
  return new DatakitError({
    code: 'KERBEROS_ENCRYPTION_REFUSED',
    message: `The server at ${host}:${port} does not encrypt with Kerberos, and gssencmode is "require".`,
    hint: 'Give the server a keytab and a "hostgssenc" line in pg_hba.conf, or set gssencmode to "prefer" or "disable".',
  });
}
