import type koffi from 'koffi';
import { DatakitError } from '../../../errors/datakit-error.ts';

/** A pointer to something of the library's own: a name, a credential, a security context. */
export type Handle = bigint | null;

/** `gss_buffer_desc`: bytes of the library's, released by {@link Gssapi.releaseBuffer}. */
export interface GssBuffer {
  length?: number | bigint;
  value?: bigint;
}

/** `gss_OID_desc`. */
export interface ObjectId {
  readonly length: number;
  readonly elements: Uint8Array;
}

type InBuffer = { readonly length: number; readonly value: Uint8Array } | null;
type Out<Value> = [Value | null];
type Status = number;

/** A function that can also run on a thread of its own, because it may talk to the KDC or read a file. */
type Blocking<Arguments extends unknown[]> = {
  async(...args: [...Arguments, (error: Error | null, status: Status) => void]): void;
};

/** The functions of RFC 2744 that a client needs, and MIT's way to name a credential cache or a keytab. */
export interface Gssapi {
  importName(minor: Out<number>, text: InBuffer, type: ObjectId, name: Out<Handle>): Status;
  displayName(minor: Out<number>, name: Handle, text: GssBuffer, type: null): Status;
  releaseName(minor: Out<number>, name: Out<Handle>): Status;
  acquireCredential: Blocking<
    [
      minor: Out<number>,
      name: Handle,
      time: number,
      mechanisms: null,
      usage: number,
      store: { count: number; elements: { key: string; value: string }[] } | null,
      credential: Out<Handle>,
      actual: null,
      lifetime: null,
    ]
  >;
  inquireCredential: Blocking<
    [minor: Out<number>, credential: Handle, name: Out<Handle>, lifetime: Out<number>, usage: null, mechanisms: null]
  >;
  releaseCredential(minor: Out<number>, credential: Out<Handle>): Status;
  initContext: Blocking<
    [
      minor: Out<number>,
      credential: Handle,
      context: Out<Handle>,
      name: Handle,
      mechanism: ObjectId,
      flags: number,
      time: number,
      bindings: null,
      input: InBuffer,
      actual: null,
      output: GssBuffer,
      actualFlags: Out<number>,
      lifetime: null,
    ]
  >;
  deleteContext(minor: Out<number>, context: Out<Handle>, output: null): Status;
  wrap(
    minor: Out<number>,
    context: Handle,
    encrypt: number,
    quality: number,
    input: InBuffer,
    isEncrypted: Out<number>,
    output: GssBuffer,
  ): Status;
  unwrap(
    minor: Out<number>,
    context: Handle,
    input: InBuffer,
    output: GssBuffer,
    isEncrypted: Out<number>,
    quality: null,
  ): Status;
  wrapSizeLimit(
    minor: Out<number>,
    context: Handle,
    encrypt: number,
    quality: number,
    output: number,
    input: Out<number>,
  ): Status;
  displayStatus(
    minor: Out<number>,
    status: number,
    type: number,
    mechanism: null,
    more: Out<number>,
    text: GssBuffer,
  ): Status;
  releaseBuffer(minor: Out<number>, buffer: GssBuffer): Status;
  /** Memory of the library's, without a copy. */
  view(pointer: bigint, length: number): ArrayBuffer;
}

const files: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['libgssapi_krb5.so.2'],
  freebsd: ['libgssapi_krb5.so'],
  // Apple's own GSS framework lacks MIT's credential stores.
  darwin: [
    '/opt/homebrew/opt/krb5/lib/libgssapi_krb5.dylib',
    '/usr/local/opt/krb5/lib/libgssapi_krb5.dylib',
    'libgssapi_krb5.dylib',
  ],
};

let library: Promise<Gssapi> | undefined;

/**
 * Loads MIT Kerberos' GSSAPI library of the operating system, once, when the first connection asks for Kerberos.
 * @throws KERBEROS_LIBRARY where it or the npm package `koffi` is not installed
 */
export function loadGssapi(): Promise<Gssapi> {
  return (library ??= load().catch((error: unknown) => {
    library = undefined;
    throw error;
  }));
}

async function load(): Promise<Gssapi> {
  const native = await import('koffi').catch((cause: unknown) => {
    throw missing('the npm package koffi is not installed', 'npm install koffi', cause);
  });
  const tried: unknown[] = [];
  for (const file of files[process.platform] ?? []) {
    try {
      return declare(native.default, native.default.load(file));
    } catch (error) {
      tried.push(error);
    }
  }
  throw missing(
    `MIT Kerberos' library libgssapi_krb5 is not on this machine (${process.platform})`,
    'Debian, Ubuntu: apt-get install libgssapi-krb5-2; Red Hat: dnf install krb5-libs; macOS: brew install krb5.',
    tried[0],
  );
}

function missing(what: string, hint: string, cause: unknown): DatakitError {
  return new DatakitError({ code: 'KERBEROS_LIBRARY', message: `Kerberos cannot be used: ${what}.`, hint, cause });
}

/** Types have no names: koffi keeps names for the whole process, and declaring one twice is an error. */
function declare(k: typeof koffi, loaded: ReturnType<typeof koffi.load>): Gssapi {
  const bytes = k.struct({ length: 'size_t', value: 'void *' });
  const objectId = k.struct({ length: 'uint32_t', elements: 'void *' });
  const pair = k.struct({ key: 'const char *', value: 'const char *' });
  const store = k.struct({ count: 'uint32_t', elements: k.pointer(pair) });
  const handle = 'void *';
  const input = k.pointer(bytes);
  const output = k.out(k.pointer(bytes));
  const id = k.pointer(objectId);
  const number = k.out(k.pointer('uint32_t'));
  const madeHandle = k.out(k.pointer(handle));
  const keptHandle = k.inout(k.pointer(handle));
  const u32 = 'uint32_t';
  const define = (name: string, parameters: readonly unknown[]): never =>
    loaded.func(name, u32, [number, ...parameters] as never) as never;
  return {
    importName: define('gss_import_name', [input, id, madeHandle]),
    displayName: define('gss_display_name', [handle, output, handle]),
    releaseName: define('gss_release_name', [keptHandle]),
    acquireCredential: define('gss_acquire_cred_from', [
      handle,
      u32,
      handle,
      'int',
      k.pointer(store),
      madeHandle,
      handle,
      handle,
    ]),
    inquireCredential: define('gss_inquire_cred', [handle, madeHandle, number, handle, handle]),
    releaseCredential: define('gss_release_cred', [keptHandle]),
    initContext: define('gss_init_sec_context', [
      handle,
      keptHandle,
      handle,
      id,
      u32,
      u32,
      handle,
      input,
      handle,
      output,
      number,
      handle,
    ]),
    deleteContext: define('gss_delete_sec_context', [keptHandle, handle]),
    wrap: define('gss_wrap', [handle, 'int', u32, input, number, output]),
    unwrap: define('gss_unwrap', [handle, input, output, number, handle]),
    wrapSizeLimit: define('gss_wrap_size_limit', [handle, 'int', u32, u32, number]),
    displayStatus: define('gss_display_status', [u32, 'int', handle, k.inout(k.pointer(u32)), output]),
    releaseBuffer: define('gss_release_buffer', [k.inout(k.pointer(bytes))]),
    view: (pointer, length) => k.view(pointer, length),
  };
}
