import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import type { DatabaseSync } from 'node:sqlite';
import { lineEndBytes } from '../row-line.ts';

/** Some milliseconds of work: nothing else runs meanwhile. */
const chunkBytes = 64 * 1024;

/** Lines that a statement makes, as its reader asks for them. */
export interface LineStream {
  readonly rows: Readable;
  bytes(): number;
  count(): number;
}

/**
 * Streams a query whose one column is a line of text as bytes, so that what is no UTF-8 is seen and not replaced.
 *
 * @param failure makes the error that readers get; of undefined for a text that is no UTF-8
 */
export function streamLines(
  database: DatabaseSync,
  line: string,
  from: string,
  failure: (error: unknown) => Error,
): LineStream {
  let bytes = 0;
  let count = 0;
  let lines: Iterator<unknown> | undefined;
  const next = (): Buffer | undefined => {
    lines ??= database.prepare(`select ${asBytes(database, line)} as line ${from}`).iterate();
    const pending: Uint8Array[] = [];
    let length = 0;
    while (length < chunkBytes) {
      const { value, done } = lines.next() as { value: { line: Uint8Array | string }; done?: boolean };
      if (done) break;
      const bytesOfLine = typeof value.line === 'string' ? Buffer.from(value.line) : value.line;
      pending.push(bytesOfLine, lineEndBytes);
      length += bytesOfLine.length + 1;
      count++;
    }
    bytes += length;
    return length === 0 ? undefined : Buffer.concat(pending, length);
  };
  const rows = new Readable({
    read() {
      try {
        const chunk = next();
        if (chunk && !isUtf8(chunk)) this.destroy(failure(undefined));
        else this.push(chunk ?? null);
      } catch (error) {
        this.destroy(failure(error));
      }
    },
    destroy(error, done) {
      lines?.return?.();
      done(error);
    },
  });
  rows.on('error', () => undefined);
  return { rows, bytes: () => bytes, count: () => count };
}

/** The bytes of a text are those of the file's encoding; where that is UTF-16, the driver has to convert. */
function asBytes(database: DatabaseSync, line: string): string {
  const encoding = database.prepare('pragma encoding').get()?.['encoding'];
  return encoding === 'UTF-8' ? `cast(${line} as blob)` : line;
}
