import { givenBytes, takeBytes } from './gss-bytes.ts';
import { gssFailure } from './gss-failure.ts';
import { loadGssapi, type Gssapi, type Handle } from './gssapi-library.ts';

/** Where the tickets are, when not where the library looks by itself. */
export interface CredentialPlace {
  /** `FILE:/run/user/1000/tickets`, `KEYRING:…`, `MEMORY:…`; else `KRB5CCNAME` and krb5.conf say it. */
  readonly credentialCache?: string;
  /** A file with the keys of a principal, from which tickets come without `kinit`; else `KRB5_CLIENT_KTNAME`. */
  readonly clientKeytab?: string;
}

const initiate = 1;

/** The right to act for a principal. Close it when the connections that use it are up. */
export class GssCredential implements Disposable {
  readonly library: Gssapi;
  readonly handle: Handle;

  private constructor(library: Gssapi, handle: Handle) {
    this.library = library;
    this.handle = handle;
  }

  /** Finds the credential. @throws KERBEROS_LIBRARY, KERBEROS_NO_TICKET, KERBEROS_FAILED */
  static async acquire({ credentialCache, clientKeytab }: CredentialPlace): Promise<GssCredential> {
    const library = await loadGssapi();
    // MIT's GSSAPI reads the environment of the process once, so what a definition says goes through the call itself.
    const elements = [
      ...(credentialCache === undefined ? [] : [{ key: 'ccache', value: credentialCache }]),
      ...(clientKeytab === undefined ? [] : [{ key: 'client_keytab', value: clientKeytab }]),
    ];
    const store = elements.length === 0 ? null : { count: elements.length, elements };
    const minor: [number] = [0];
    const made: [Handle] = [null];
    const status = await onThread((done) =>
      library.acquireCredential.async(minor, null, 0xffff_ffff, null, initiate, store, made, null, null, done),
    );
    if (isError(status)) throw gssFailure(library, 'use the credential of this process', status, minor[0]);
    return new GssCredential(library, made[0]);
  }

  /** The principal: `alice@EXAMPLE.COM`. @throws KERBEROS_NO_TICKET, KERBEROS_EXPIRED, KERBEROS_FAILED */
  async principal(): Promise<string> {
    const { library, handle } = this;
    const minor: [number] = [0];
    const name: [Handle] = [null];
    const status = await onThread((done) =>
      library.inquireCredential.async(minor, handle, name, [0], null, null, done),
    );
    if (isError(status)) throw gssFailure(library, 'tell whose ticket it is', status, minor[0]);
    try {
      const text = {};
      const failed = library.displayName(minor, name[0], text, null);
      if (isError(failed)) throw gssFailure(library, 'tell whose ticket it is', failed, minor[0]);
      return takeBytes(library, text).toString();
    } finally {
      library.releaseName([0], name);
    }
  }

  [Symbol.dispose](): void {
    this.library.releaseCredential([0], [this.handle]);
  }
}

/** `GSS_KRB5_NT_HOSTBASED_SERVICE_NAME`: `postgres@db.example.com`. */
const hostBasedService = {
  length: 10,
  elements: Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x01, 0x04),
};

/** The name of a service, to be released by the caller. @throws KERBEROS_FAILED */
export function importService(library: Gssapi, service: string): [Handle] {
  const minor: [number] = [0];
  const name: [Handle] = [null];
  const status = library.importName(minor, givenBytes(Buffer.from(service)), hostBasedService, name);
  if (isError(status)) throw gssFailure(library, `name the service ${service}`, status, minor[0]);
  return name;
}

/** Calling errors and routine errors are in the upper half; below are only hints. */
export function isError(status: number): boolean {
  return (status & 0xffff_0000) !== 0;
}

/** Waits for a call on a thread of its own: reading a ticket and asking a KDC block. */
export function onThread(call: (done: (error: Error | null, status: number) => void) => void): Promise<number> {
  return new Promise((resolve, reject) => call((error, status) => (error ? reject(error) : resolve(status))));
}
