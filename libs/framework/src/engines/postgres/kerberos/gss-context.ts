import { DatakitError } from '../../../errors/datakit-error.ts';
import { givenBytes, takeBytes } from './gss-bytes.ts';
import { GssCredential, importService, isError, onThread, type CredentialPlace } from './gss-credential.ts';
import { gssFailure } from './gss-failure.ts';
import type { Gssapi, Handle } from './gssapi-library.ts';

/** The Kerberos 5 mechanism. */
const kerberos5 = {
  length: 9,
  elements: Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02),
};

const mutual = 2;
const replay = 4;
const sequence = 8;
const confidential = 16;
const integrity = 32;
const wanted = mutual | replay | sequence | confidential | integrity;

/** One security context with one service: both sides know each other when it {@link isComplete}. */
export class GssContext implements Disposable {
  readonly #credential: GssCredential;
  readonly #library: Gssapi;
  readonly #service: string;
  readonly #name: [Handle];
  readonly #context: [Handle] = [null];
  #isComplete = false;
  #isDisposed = false;

  private constructor(credential: GssCredential, service: string) {
    this.#credential = credential;
    this.#library = credential.library;
    this.#service = service;
    this.#name = importService(credential.library, service);
  }

  /** @param service `postgres@db.example.com`, with the host as its principal has it */
  static async start(service: string, place: CredentialPlace): Promise<GssContext> {
    return new GssContext(await GssCredential.acquire(place), service);
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  /**
   * Takes the peer's token, or none at the beginning, and makes ours.
   * @throws KERBEROS_NO_TICKET, KERBEROS_EXPIRED, KERBEROS_SERVICE_UNKNOWN, KERBEROS_KDC_UNREACHABLE, KERBEROS_FAILED
   */
  async step(token: Uint8Array | null): Promise<Buffer> {
    const minor: [number] = [0];
    const flags: [number] = [0];
    const output = {};
    const input = token && token.length > 0 ? givenBytes(token) : null;
    const status = await onThread((done) =>
      this.#library.initContext.async(
        minor,
        this.#credential.handle,
        this.#context,
        this.#name[0],
        kerberos5,
        wanted,
        0,
        null,
        input,
        null,
        output,
        flags,
        null,
        done,
      ),
    );
    if (isError(status)) throw gssFailure(this.#library, `speak with ${this.#service}`, status, minor[0]);
    this.#isComplete = status === 0;
    if (this.#isComplete && (flags[0] & wanted) !== wanted) {
      throw new DatakitError({
        code: 'KERBEROS_FAILED',
        message: `Kerberos could not speak with ${this.#service}: the other side does not offer mutual authentication and encryption.`,
        hint: 'Check the encryption types of the service principal in the KDC.',
      });
    }
    return takeBytes(this.#library, output);
  }

  /** The most bytes that fit in one encrypted packet of `limit` bytes. */
  maximumInput(limit: number): number {
    const minor: [number] = [0];
    const most: [number] = [0];
    this.#check(this.#library.wrapSizeLimit(minor, this.#context[0], 1, 0, limit, most), minor);
    return most[0];
  }

  /** Encrypts. @throws KERBEROS_FAILED */
  wrap(bytes: Uint8Array): Buffer {
    const minor: [number] = [0];
    const isEncrypted: [number] = [0];
    const output = {};
    this.#check(
      this.#library.wrap(minor, this.#context[0], 1, 0, givenBytes(bytes), isEncrypted, output),
      minor,
      isEncrypted,
    );
    return takeBytes(this.#library, output);
  }

  /** Decrypts, and refuses what is not encrypted, altered, repeated or out of order. @throws KERBEROS_FAILED */
  unwrap(bytes: Uint8Array): Buffer {
    const minor: [number] = [0];
    const isEncrypted: [number] = [0];
    const output = {};
    this.#check(
      this.#library.unwrap(minor, this.#context[0], givenBytes(bytes), output, isEncrypted, null),
      minor,
      isEncrypted,
    );
    return takeBytes(this.#library, output);
  }

  #check(status: number, [minor]: [number], isEncrypted: [number] = [1]): void {
    // Any status but 0 is a fault here: a duplicate or old token has only its supplementary bits set.
    if (status !== 0) throw gssFailure(this.#library, `keep the connection to ${this.#service} secret`, status, minor);
    if (isEncrypted[0] === 0) {
      throw new DatakitError({
        code: 'KERBEROS_FAILED',
        message: `Kerberos could not keep the connection to ${this.#service} secret: a packet is not encrypted.`,
        hint: 'Somebody may be tampering with the connection.',
      });
    }
  }

  [Symbol.dispose](): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#library.deleteContext([0], this.#context, null);
    this.#library.releaseName([0], this.#name);
    this.#credential[Symbol.dispose]();
  }
}
