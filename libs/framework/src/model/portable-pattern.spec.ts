import { expect, it } from '@jest/globals';
import { readPattern } from './portable-pattern.ts';

const written = (pattern: string): string => {
  const read = readPattern(pattern);
  if ('problem' in read) throw new Error(read.problem);
  return read.written('<end>');
};

it.each([
  ['^[A-Z]{2}-\\d+$', '^[A-Z]{2}-[0-9]+<end>'],
  ['a.b', 'a[^\n]b'],
  ['\\.\\/\\$', '\\./\\$'],
  ['(a|b)*(?:c)?', '(?:a|b)*(?:c)?'],
  ['[^\\d\\-\\]]', '[^0-9\\-\\]]'],
  ['[a-]', '[a\\-]'],
  ['[.$&&]', '[.$&]'],
  ['\\W\\s', '[^A-Za-z0-9_][ \t\n\r\f\u000B]'],
  ['\\u00e9\\x41\\u{1F600}', 'éA😀'],
  ['😀{2}', '😀{2}'],
  ['a{0,255}', 'a{0,255}'],
])('%j is written out as %j', (pattern, expected) => expect(written(pattern)).toBe(expected));

it.each([
  '',
  'a**',
  'a*?',
  'a++',
  '*a',
  '^*',
  '(a',
  'a)',
  '(?=a)',
  '(?<n>a)',
  '(?i)a',
  '\\bword',
  '(a)\\1',
  '\\p{L}',
  '[a',
  'a]',
  'a{',
  'a{2,1}',
  'a{256}',
  '[]',
  '[z-a]',
  '[[:alpha:]]',
  '[\\D]',
  '[\\d-z]',
  'a\\',
  '/a/i'.replace('/a', '(?'),
])('%j is refused', (pattern) => expect(readPattern(pattern)).toEqual({ problem: expect.any(String) }));
