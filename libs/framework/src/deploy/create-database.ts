import type { Session } from '../engines/session.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { TargetDatabase } from '../targets/target-database.ts';

/**
 * Creates a missing database, marked as disposable before anybody else can find it.
 * @returns true when this run created it
 */
export async function createDatabase(
  database: TargetDatabase,
  runId: string,
  timeoutSeconds: number,
): Promise<boolean> {
  return database.create({
    runId,
    fill: async (session) => new Ledger(database.engine, session).create('disposable', runId, timeoutSeconds),
  });
}

/** Makes or completes the bookkeeping of the database of a session, and records what the database is. */
export async function markDatabase(
  database: TargetDatabase,
  session: Session,
  createdByUs: boolean,
  runId: string,
  timeoutSeconds: number,
): Promise<void> {
  const ledger = new Ledger(database.engine, session);
  if (database.protected) return ledger.create('protected', runId, timeoutSeconds);
  if (createdByUs) return ledger.create('disposable', runId, timeoutSeconds);
  // A run that was killed right after it created the database left one of ours without bookkeeping.
  const creator = (await ledger.exists()) ? undefined : await database.engine.creatorOf?.(session);
  await (creator === undefined
    ? ledger.create('plain', runId, timeoutSeconds)
    : ledger.create('disposable', creator, timeoutSeconds));
}
