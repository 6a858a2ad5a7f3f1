import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { csvSegments } from './csv-segments.ts';

/** Segments as texts, from a stream that arrives in chunks of the given size. */
async function segmentsOf(csv: string, chunkBytes: number, segmentBytes: number): Promise<string[]> {
  const bytes = Buffer.from(csv);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
    bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
  const segments: Buffer[][] = [[]];
  for await (const { bytes: piece, endsSegment } of csvSegments(Readable.from(chunks), segmentBytes)) {
    segments.at(-1)?.push(piece);
    if (endsSegment) segments.push([]);
  }
  return segments.map((pieces) => Buffer.concat(pieces).toString()).filter((text) => text !== '');
}

const odd = [
  '1,"a newline\nin quotes",x',
  '2,"two\n""quoted""\nquotes\n",y',
  '3,,',
  '4,"",\\N',
  '5,"ends with a quote""\n",ü',
  '6,plain,z',
].join('\n');

describe('csv segments', () => {
  it.each([1, 2, 3, 5, 7, 16, 1000])('end at the end of a row, with chunks of %i bytes', async (chunkBytes) => {
    for (const segmentBytes of [1, 10, 40, 10_000]) {
      const segments = await segmentsOf(`${odd}\n`, chunkBytes, segmentBytes);
      expect(segments.join('')).toBe(`${odd}\n`);
      for (const segment of segments) {
        expect(segment.endsWith('\n')).toBe(true);
        expect((segment.match(/"/g) ?? []).length % 2).toBe(0);
      }
    }
  });

  it('give nothing for an empty stream, and one segment where none was big enough', async () => {
    expect(await segmentsOf('', 10, 1)).toEqual([]);
    expect(await segmentsOf(`${odd}\n`, 10, 10_000)).toEqual([`${odd}\n`]);
  });
});
