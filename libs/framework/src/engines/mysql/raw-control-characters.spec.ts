import { describe, expect, it } from '@jest/globals';
import { rawControlCharacters } from './raw-control-characters.ts';

async function through(chunks: readonly string[]): Promise<string> {
  const parts: Buffer[] = [];
  async function* source(): AsyncGenerator<Buffer> {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }
  for await (const part of rawControlCharacters(source())) parts.push(part);
  return Buffer.concat(parts).toString();
}

describe('escapes that LOAD DATA does not know', () => {
  it.each([
    ['\\f', '\f'],
    ['a\\vb\\fc', 'a\vb\fc'],
    ['\\\\f', '\\\\f'],
    ['\\\\\\f', '\\\\\f'],
    ['\\N\\f\\n\\t', '\\N\f\\n\\t'],
    ['\\f\\f\\v', '\f\f\v'],
    ['\\\\', '\\\\'],
    ['', ''],
    ['fv', 'fv'],
  ])('%j becomes %j, wherever the chunks are cut', async (text, expected) => {
    for (let first = 0; first <= text.length; first++) {
      for (let second = first; second <= text.length; second++) {
        const cut = [text.slice(0, first), text.slice(first, second), text.slice(second)];
        expect(await through(cut)).toBe(expected);
      }
    }
  });
});
