import type { Session } from '../engines/session.ts';
import { Ledger } from '../ledger/ledger.ts';
import { parseTimeToLive } from '../settings/time-to-live.ts';
import type { TargetDatabase } from '../targets/target-database.ts';
import { checkTimeToLive } from './disposable.ts';

/** How a run makes and marks a database. */
export interface Marking {
  readonly runId: string;
  readonly timeoutSeconds: number;
  /** In seconds; null: for ever; undefined: as the database says. */
  readonly timeToLive: number | null | undefined;
}

/**
 * What the user and the target say about the time to live.
 * @throws OPTION_INVALID, and NOT_DISPOSABLE where the database may not be dropped
 */
export async function readTimeToLive(
  database: TargetDatabase,
  given: string | undefined,
): Promise<number | null | undefined> {
  const text = given ?? database.timeToLive;
  if (text === undefined) return undefined;
  const timeToLive = parseTimeToLive(text, '--timeToLive');
  if (timeToLive !== null) await checkTimeToLive(database);
  return timeToLive;
}

/**
 * Creates a missing database, marked as disposable before anybody else can find it.
 * @returns true when this run created it
 */
export async function createDatabase(database: TargetDatabase, marking: Marking): Promise<boolean> {
  const { runId, timeoutSeconds, timeToLive } = marking;
  const fill = async (session: Session): Promise<void> => {
    const ledger = new Ledger(database.engine, session);
    await ledger.create('disposable', runId, timeoutSeconds);
    await ledger.marker.renew(timeToLive);
  };
  return database.create({ runId, fill });
}

/** Makes or completes the bookkeeping of the database of a session, and records what the database is. */
export async function markDatabase(
  database: TargetDatabase,
  session: Session,
  createdByUs: boolean,
  { runId, timeoutSeconds, timeToLive }: Marking,
): Promise<void> {
  const { engine } = database;
  const ledger = new Ledger(engine, session);
  if (database.protected) return ledger.create('protected', runId, timeoutSeconds);
  // A run that was killed right after it created the database left one of ours without bookkeeping.
  const creator = createdByUs ? runId : (await ledger.exists()) ? undefined : await engine.creatorOf?.(session);
  await ledger.create(creator === undefined ? 'plain' : 'disposable', creator ?? runId, timeoutSeconds);
  await ledger.marker.renew(timeToLive);
}
