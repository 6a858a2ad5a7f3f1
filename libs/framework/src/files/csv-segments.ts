import type { Readable } from 'node:stream';

const newline = 0x0a;
const quoteMark = 0x22;

/** A piece of a stream; after the last piece of a segment all rows so far are whole. */
export interface SegmentPiece {
  readonly bytes: Buffer;
  readonly endsSegment: boolean;
}

/**
 * Cuts a stream of csv into segments of whole rows. A newline inside quotes does not end a row, so quotes are counted:
 * after an even number of them a newline is a row's end. Nothing is copied or held back.
 *
 * @param segmentBytes size from which on the next row's end closes a segment
 */
export async function* csvSegments(rows: Readable, segmentBytes: number): AsyncGenerator<SegmentPiece> {
  let bytesInSegment = 0;
  let insideQuotes = false;
  for await (const chunk of rows as AsyncIterable<Buffer>) {
    const { cut, insideQuotes: insideAtEnd } = lastRowEnd(chunk, insideQuotes);
    insideQuotes = insideAtEnd;
    bytesInSegment += chunk.length;
    if (bytesInSegment < segmentBytes || cut === 0) {
      yield { bytes: chunk, endsSegment: false };
      continue;
    }
    yield { bytes: chunk.subarray(0, cut), endsSegment: true };
    bytesInSegment = chunk.length - cut;
    if (bytesInSegment > 0) yield { bytes: chunk.subarray(cut), endsSegment: false };
  }
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
