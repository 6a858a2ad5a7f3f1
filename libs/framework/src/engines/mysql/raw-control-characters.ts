const backslash = 0x5c;
const rawBytes: Readonly<Record<number, number>> = { 0x66: 0x0c, 0x76: 0x0b };

/**
 * PostgreSQL writes a form feed and a vertical tab as `\f` and `\v`, and LOAD DATA reads those as the letters f and v.
 * Both stand for themselves without harm, so the escapes become the raw bytes. All else passes as it is.
 */
export async function* rawControlCharacters(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pending: Buffer | undefined;
  for await (const next of chunks) {
    const chunk = pending ? Buffer.concat([pending, next]) : next;
    // A backslash at the end belongs to what comes.
    const isOpen = backslashesBefore(chunk, chunk.length) % 2 === 1;
    pending = isOpen ? chunk.subarray(chunk.length - 1) : undefined;
    yield withRawBytes(isOpen ? chunk.subarray(0, chunk.length - 1) : chunk);
  }
  if (pending) yield pending;
}

function withRawBytes(chunk: Buffer): Buffer {
  const found = [...escapesOf(chunk, '\\f'), ...escapesOf(chunk, '\\v')].sort((a, b) => a - b);
  if (found.length === 0) return chunk;
  const parts: Buffer[] = [];
  let from = 0;
  for (const at of found) {
    parts.push(chunk.subarray(from, at), Buffer.of(rawBytes[chunk[at + 1] as number] as number));
    from = at + 2;
  }
  return Buffer.concat([...parts, chunk.subarray(from)]);
}

/** Where the escape stands; after an odd number of backslashes its own one is escaped. */
function* escapesOf(chunk: Buffer, escape: string): Generator<number> {
  for (let at = chunk.indexOf(escape); at !== -1; at = chunk.indexOf(escape, at + 2)) {
    if (backslashesBefore(chunk, at) % 2 === 0) yield at;
  }
}

function backslashesBefore(chunk: Buffer, end: number): number {
  let count = 0;
  while (count < end && chunk[end - 1 - count] === backslash) count++;
  return count;
}
