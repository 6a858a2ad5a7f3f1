import { createHash } from 'node:crypto';
import type { Engine } from '../engines/engine.ts';
import type { CheckStructure } from '../engines/table-structure.ts';

/** Joins a name; one that would be cut ends in a hash of the whole, so that two long names stay two. */
export function shortenedName(parts: readonly string[], engine: Engine): string {
  const name = parts.join('_');
  if (Buffer.byteLength(name) <= engine.identifierBytes) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 10);
  let kept = name;
  while (Buffer.byteLength(kept) > engine.identifierBytes - hash.length - 1) kept = kept.slice(0, -1);
  return `${kept}_${hash}`;
}

/**
 * A check under a name that ends in a hash of its expression. Servers rewrite expressions, so only names compare;
 * this way a changed expression is another check, and a deployment puts it in the old one's place.
 */
export function namedCheck(name: string, expression: string, engine: Engine): CheckStructure {
  const hash = createHash('sha256').update(expression).digest('hex').slice(0, 8);
  return { name: shortenedName([name, hash], engine), expression };
}
