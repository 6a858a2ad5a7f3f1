import { createHash } from 'node:crypto';
import type { DatakitError } from '../../errors/datakit-error.ts';
import type { Making } from '../engine.ts';
import type { Place } from '../place.ts';
import type { Session } from '../session.ts';
import { connect } from './connect.ts';
import { transaction } from './lock.ts';
import { connectToMaintenance } from './maintenance.ts';
import { quote, quoteLiteral } from './quote.ts';

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

/** Makes an empty database under a name of ours; its holder has the lock of that name. */
export async function makeDatabase(
  server: Session,
  place: PostgresPlace,
  name: string,
  making: Pick<Making, 'fill'> | undefined,
): Promise<void> {
  await server.execute(`drop database if exists ${quote(name)} with (force)`);
  // template0: a template1 that somebody changed would bring its tables along.
  await server.execute(`create database ${quote(name)} template template0 encoding 'UTF8'`);
  if (!making) return;
  try {
    await server.execute(`comment on database ${quote(name)} is ${quoteLiteral(signOfOurs)}`);
    await using session = await connect({ ...place, database: name }, { onBehalfOf: place });
    await making.fill(session);
  } catch (error) {
    await server.execute(`drop database if exists ${quote(name)} with (force)`).catch(() => undefined);
    throw error;
  }
}

/** The error of a name that a database has already. */
export function isTaken(error: unknown): boolean {
  // 42P04 duplicate database; 23505 when two runs name it in the same moment.
  return ['42P04', '23505'].includes(sqlState(error));
}

export function sqlState(error: unknown): string {
  return String((error as DatakitError).details?.['sqlState']);
}
