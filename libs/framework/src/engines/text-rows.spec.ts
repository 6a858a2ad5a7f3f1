import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { textRowBlocks, unescapeField } from './text-rows.ts';

async function linesOf(text: string, chunkBytes: number): Promise<string[]> {
  const bytes = Buffer.from(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
    bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
  const lines: string[] = [];
  for await (const block of textRowBlocks(Readable.from(chunks))) lines.push(...block);
  return lines;
}

describe('text rows', () => {
  it.each([1, 2, 3, 7, 1000])('are whole lines, with chunks of %i bytes', async (chunkBytes) => {
    expect(await linesOf('1\tü😀\n\n2\t\\N\n', chunkBytes)).toEqual(['1\tü😀', '', '2\t\\N']);
    expect(await linesOf('', chunkBytes)).toEqual([]);
  });

  it('refuse a stream that ends inside a row', async () => {
    await expect(linesOf('1\tx\n2\ty', 3)).rejects.toThrow('ended inside a row');
  });

  it.each([
    ['\\N', null],
    ['', ''],
    ['\\\\N', '\\N'],
    ['a\\tb\\nc\\\\d', 'a\tb\nc\\d'],
    ['\\b\\f\\r\\v', '\b\f\r\v'],
    ['plain', 'plain'],
  ])('unescape %j', (field, value) => expect(unescapeField(field)).toBe(value));
});
