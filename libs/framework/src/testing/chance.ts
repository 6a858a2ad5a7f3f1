import { createHash } from 'node:crypto';

/**
 * The same number from 0 to 1 for the same words: rows of a seed are the same on every machine and in every order.
 * FNV-1a with a last shuffle, because a cryptographic hash of each value is what making many rows would cost.
 */
export function chance(...words: readonly (string | number)[]): number {
  const text = words.join('\0');
  let hash = 0x811c9dc5;
  for (let place = 0; place < text.length; place++) hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** A whole number between two, both included. */
export function wholeBetween(least: number, greatest: number, ...words: readonly (string | number)[]): number {
  return least + Math.floor(chance(...words) * (greatest - least + 1));
}

/** A UUID of version 7 in form, the same for the same words. */
export function uuidOf(index: number, ...words: readonly (string | number)[]): string {
  const hash = createHash('sha256').update(words.join('\0')).digest('hex');
  const time = index.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hash.slice(0, 3)}-8${hash.slice(3, 6)}-${hash.slice(6, 18)}`;
}
