import type { Readable } from 'node:stream';

const newline = 0x0a;

/**
 * Cuts a stream of `text-rows` into blocks of whole lines. A raw newline never stands inside a row of this format,
 * and never inside a multi-byte character of UTF-8, so the bytes can be cut there before they are decoded.
 */
export async function* textRowBlocks(rows: Readable): AsyncGenerator<string[]> {
  let pending: Buffer[] = [];
  for await (const chunk of rows as AsyncIterable<Buffer>) {
    const end = chunk.lastIndexOf(newline);
    if (end === -1) {
      pending.push(chunk);
      continue;
    }
    pending.push(chunk.subarray(0, end));
    const whole = pending.length === 1 ? (pending[0] as Buffer) : Buffer.concat(pending);
    pending = end + 1 < chunk.length ? [chunk.subarray(end + 1)] : [];
    yield whole.toString('utf8').split('\n');
  }
  if (pending.length > 0) throw new TypeError('the stream of the source ended inside a row');
}

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** Undoes the backslash escapes of one field; `\N` alone is NULL. */
export function unescapeField(field: string): string | null {
  if (field === '\\N') return null;
  if (!field.includes('\\')) return field;
  return field.replaceAll(/\\(.)/gs, (_, letter: string) => escapes[letter] ?? letter);
}
