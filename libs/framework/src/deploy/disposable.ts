import type { Session } from '../engines/session.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import type { DatabaseMarker } from '../ledger/database-marker.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { TargetDatabase } from '../targets/target-database.ts';

/**
 * Refuses `--cleanup` where it may not happen, before anything is made that would have to be cleaned up.
 * @throws NOT_DISPOSABLE for a protected target, and for a database that exists and was not made by us
 */
export async function checkCleanUp(database: TargetDatabase): Promise<void> {
  await refuseOn(database, '--cleanup drops tables');
}

/**
 * Refuses `--recreate` where it may not happen, before the first statement.
 * @throws NOT_DISPOSABLE for a protected target, and for a database that exists and was not made by us
 */
export async function checkRecreate(database: TargetDatabase): Promise<void> {
  await refuseOn(database, '--recreate drops tables');
}

/**
 * Refuses a time to live where nobody may end the life, before the first statement.
 * @throws NOT_DISPOSABLE for a protected target, and for a database that exists and was not made by us
 */
export async function checkTimeToLive(database: TargetDatabase): Promise<void> {
  await refuseOn(database, 'a time to live ends with dropping the database');
}

/** @param what what was asked for, and that it drops something @throws NOT_DISPOSABLE */
export async function refuseUnlessDisposable(
  database: Pick<TargetDatabase, 'engine'>,
  session: Session,
  what: string,
): Promise<void> {
  const marker = await markerOf(database, session);
  if (marker?.kind !== 'disposable') throw notDisposable(what, marker?.kind ?? 'not one that we made');
}

/** What a database says about itself, or the server about a database whose run was killed before it could. */
export async function markerOf(
  { engine }: Pick<TargetDatabase, 'engine'>,
  session: Session,
): Promise<DatabaseMarker | undefined> {
  const { isThere, marker } = await new Ledger(engine, session).look();
  if (isThere) return marker;
  const createdByRun = await engine.creatorOf?.(session);
  return createdByRun === undefined
    ? undefined
    : { kind: 'disposable', createdByRun, expiresAt: null, timeToLive: null };
}

async function refuseOn(database: TargetDatabase, what: string): Promise<void> {
  if (database.protected) throw notDisposable(what, 'protected');
  const session = database.inMemory ? undefined : await database.connectIfThere({ readOnly: true });
  if (!session) return;
  try {
    await refuseUnlessDisposable(database, session, what);
  } finally {
    await database.disconnect(session);
  }
}

function notDisposable(what: string, kind: string): DatakitError {
  return new DatakitError({
    code: 'NOT_DISPOSABLE',
    message: `${what.replace(/^a /, 'A ')}, and this database is ${kind}; nothing was changed.`,
    hint: 'Only a database that a deployment created itself may be dropped. Use another database name, or drop it by hand.',
  });
}
