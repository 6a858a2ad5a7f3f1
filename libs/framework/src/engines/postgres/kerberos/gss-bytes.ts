import type { GssBuffer, Gssapi } from './gssapi-library.ts';

/** Copies what the library gave and gives its memory back. */
export function takeBytes(library: Gssapi, buffer: GssBuffer): Buffer {
  const length = Number(buffer.length ?? 0);
  if (length === 0 || buffer.value === undefined) return Buffer.alloc(0);
  const copy = Buffer.from(new Uint8Array(library.view(buffer.value, length)));
  library.releaseBuffer([0], buffer);
  return copy;
}

/** Bytes of ours for the library; it reads them before the call returns. */
export function givenBytes(bytes: Uint8Array): { length: number; value: Uint8Array } {
  return { length: bytes.length, value: bytes };
}
