import type { Readable } from 'node:stream';

const newline = 0x0a;
const quoteMark = 0x22;

/**
 * Cuts a stream of csv into segments of whole rows. A newline inside quotes does not end a row, so quotes are counted:
 * after an even number of them a newline is a row's end.
 *
 * @param segmentBytes size at which the next row's end closes a segment
 * @returns segments as lists of chunks, so that nothing is copied
 */
export async function* csvSegments(rows: Readable, segmentBytes: number): AsyncGenerator<Buffer[]> {
  let chunks: Buffer[] = [];
  let bytes = 0;
  let insideQuotes = false;
  for await (const chunk of rows as AsyncIterable<Buffer>) {
    const { cut, insideQuotes: insideAtEnd } = lastRowEnd(chunk, insideQuotes);
    insideQuotes = insideAtEnd;
    bytes += chunk.length;
    if (bytes < segmentBytes || cut === 0) {
      chunks.push(chunk);
      continue;
    }
    yield [...chunks, chunk.subarray(0, cut)];
    chunks = cut < chunk.length ? [chunk.subarray(cut)] : [];
    bytes = chunk.length - cut;
  }
  if (chunks.length > 0) yield chunks;
}

/** Position behind the last row's end in a chunk, 0 where it has none, and whether its end lies inside quotes. */
function lastRowEnd(chunk: Buffer, startsInsideQuotes: boolean): { cut: number; insideQuotes: boolean } {
  let insideQuotes = startsInsideQuotes;
  let cut = 0;
  let from = 0;
  for (;;) {
    const quote = chunk.indexOf(quoteMark, from);
    const end = quote === -1 ? chunk.length : quote;
    if (!insideQuotes && end > from) {
      const row = chunk.subarray(from, end).lastIndexOf(newline);
      if (row !== -1) cut = from + row + 1;
    }
    if (quote === -1) return { cut, insideQuotes };
    insideQuotes = !insideQuotes;
    from = quote + 1;
  }
}
