import { createRequire } from 'node:module';
import type { Kysely } from './query-dialect.ts';

let loaded: Kysely | undefined;

/** Loads the query builder when the first query needs it: it takes longer than a small command. */
export function loadKysely(): Kysely {
  return (loaded ??= createRequire(import.meta.url)('kysely') as Kysely);
}
