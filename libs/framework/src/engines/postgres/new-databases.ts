import { createHash } from 'node:crypto';
import type { Place } from '../place.ts';
import { transaction } from './lock.ts';
import { connectToMaintenance } from './maintenance.ts';

type PostgresPlace = Extract<Place, { engine: 'postgres' }>;

/** The comment on every database that we make. Whether it may be dropped is in its marker; this is where to look. */
export const signOfOurs = 'Made by datakit';

/** What the names of databases begin with that are not finished. */
export const unfinishedPrefix = 'datakit_new_';

const creationTimeoutSeconds = 60;

/** The name that a database has until it is complete; the same for every run, so the next one finds what is left. */
export function unfinishedName(database: string): string {
  return `${unfinishedPrefix}${createHash('sha256').update(database).digest('hex').slice(0, 24)}`;
}

/**
 * Runs work while nobody else makes the database of an unfinished name, or drops what an earlier run left of it. The lock belongs
 * to a transaction of a session of its own: `create database` runs in none, and a lock of a session breaks behind a pooler.
 */
export async function underCreationLock<Result>(
  place: PostgresPlace,
  unfinished: string,
  work: () => Promise<Result>,
  timeoutSeconds = creationTimeoutSeconds,
): Promise<Result> {
  await using holder = await connectToMaintenance(place);
  const locks = [{ key: unfinished, shared: false }];
  return await transaction(holder, { locks, timeoutSeconds }, work);
}
