const quote = 0x22;
const backslash = 0x5c;

/** Nesting beyond this is an attack, or not worth the stack. */
const deepest = 256;

/**
 * Position behind the JSON value that begins at `at`; -1 where there is none.
 * Own code, because what reads JSON makes numbers of its numbers: DuckDB's `->>` turns 12345678901234567.89 into
 * 12345678901234568.0, and takes `[1,]` and `NaN`. Here the digits stay as they are written.
 *
 * @throws IncompleteJson where the bytes end inside of the value
 */
export function skipValue(bytes: Buffer, at: number, end: number, depth = 0): number {
  if (at >= end) throw incomplete;
  switch (bytes[at]) {
    case quote:
      return skipString(bytes, at, end);
    case 0x7b:
    case 0x5b:
      return depth === deepest ? -1 : skipContainer(bytes, at, end, depth);
    case 0x74:
      return skipWord(bytes, at, end, 'true');
    case 0x66:
      return skipWord(bytes, at, end, 'false');
    case 0x6e:
      return skipWord(bytes, at, end, 'null');
    default:
      return skipNumber(bytes, at, end);
  }
}

/** Thrown instead of a position, so that each caller need not tell two kinds of no. */
export class IncompleteJson extends Error {}
const incomplete = new IncompleteJson('the bytes end inside of a value');

/** Position of the next byte that is no white space. */
export function skipSpace(bytes: Buffer, at: number, end: number): number {
  while (at < end) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
    at++;
  }
  return at;
}

/** Position behind the string whose quote is at `at`; -1 where it holds what no JSON string holds. */
export function skipString(bytes: Buffer, at: number, end: number): number {
  for (let next = at + 1; next < end; next++) {
    const byte = bytes[next] as number;
    if (byte === quote) return next + 1;
    if (byte < 0x20) return -1;
    if (byte !== backslash) continue;
    const letter = bytes[++next];
    if (letter !== 0x75) {
      if (letter !== undefined && !escapable.has(letter)) return -1;
      continue;
    }
    for (let digit = 0; digit < 4; digit++) {
      if (next + 1 >= end) throw incomplete;
      if (!isHex(bytes[++next] as number)) return -1;
    }
  }
  throw incomplete;
}

const escapable = new Set([...'"\\/bfnrt'].map((letter) => letter.charCodeAt(0)));

function isHex(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}

function skipContainer(bytes: Buffer, at: number, end: number, depth: number): number {
  const isObject = bytes[at] === 0x7b;
  const close = isObject ? 0x7d : 0x5d;
  at = skipSpace(bytes, at + 1, end);
  if (at < end && bytes[at] === close) return at + 1;
  for (;;) {
    if (isObject) {
      if (at >= end) throw incomplete;
      if (bytes[at] !== quote) return -1;
      at = skipString(bytes, at, end);
      if (at < 0) return -1;
      at = skipSpace(bytes, at, end);
      if (at >= end) throw incomplete;
      if (bytes[at] !== 0x3a) return -1;
      at = skipSpace(bytes, at + 1, end);
    }
    at = skipValue(bytes, at, end, depth + 1);
    if (at < 0) return -1;
    at = skipSpace(bytes, at, end);
    if (at >= end) throw incomplete;
    if (bytes[at] === close) return at + 1;
    if (bytes[at] !== 0x2c) return -1;
    at = skipSpace(bytes, at + 1, end);
  }
}

function skipWord(bytes: Buffer, at: number, end: number, word: string): number {
  for (let index = 0; index < word.length; index++) {
    if (at + index >= end) throw incomplete;
    if (bytes[at + index] !== word.charCodeAt(index)) return -1;
  }
  return at + word.length;
}

/** A number is followed by something in every object, so one that ends with the bytes is not whole. */
function skipNumber(bytes: Buffer, at: number, end: number): number {
  if (bytes[at] === 0x2d) at++;
  let next = skipDigits(bytes, at, end);
  if (next === at || (bytes[at] === 0x30 && next - at > 1)) return -1;
  if (bytes[next] === 0x2e) {
    at = next + 1;
    next = skipDigits(bytes, at, end);
    if (next === at) return -1;
  }
  if (bytes[next] === 0x65 || bytes[next] === 0x45) {
    at = next + 1;
    if (bytes[at] === 0x2b || bytes[at] === 0x2d) at++;
    next = skipDigits(bytes, at, end);
    if (next === at) return -1;
  }
  return next;
}

/** @throws IncompleteJson where the digits go on to the end: nobody knows whether they end there */
function skipDigits(bytes: Buffer, at: number, end: number): number {
  while (at < end && (bytes[at] as number) >= 0x30 && (bytes[at] as number) <= 0x39) at++;
  if (at >= end) throw incomplete;
  return at;
}
