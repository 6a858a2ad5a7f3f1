import type { Template } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import { Ledger, type Bookkeeping } from '../ledger/ledger.ts';
import { parseTimeToLive } from '../settings/time-to-live.ts';
import type { Datakit } from '../model/datakit.ts';
import type { TargetDatabase } from '../targets/target-database.ts';
import type { DeployPlan } from './deploy-plan.ts';
import { checkTimeToLive } from './disposable.ts';
import { planForNothing } from './plan-only.ts';

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

/** A database that this run created. */
export interface CreatedDatabase {
  /** What was done in it already: it is a copy of one with the datakit in it. */
  readonly plan: DeployPlan | undefined;
}

/**
 * Creates a missing database, marked as disposable before anybody else can find it; on a server of ours with the
 * datakit in it, where the engine keeps templates.
 *
 * @returns undefined when it was there
 */
export async function createDatabase(
  datakit: Datakit,
  database: TargetDatabase,
  marking: Marking,
): Promise<CreatedDatabase | undefined> {
  const { runId, timeoutSeconds, timeToLive } = marking;
  const fill = async (session: Session): Promise<void> => {
    const ledger = new Ledger(database.engine, session);
    await ledger.create('disposable', runId, timeoutSeconds);
    await ledger.marker.renew(timeToLive);
  };
  let plan: DeployPlan | undefined;
  const template = async (): Promise<Template> => {
    plan = await planForNothing(datakit, database.engine);
    const { deploymentTemplate } = await import('./deployment-template.ts');
    return deploymentTemplate(datakit, database, plan, marking);
  };
  const mayCopy = database.isOurServer && database.engine.keepsTemplates;
  const isCreated = await database.create({ runId, fill, ...(mayCopy ? { template } : {}) });
  return isCreated ? { plan } : undefined;
}

/**
 * Makes or completes the bookkeeping of the database of a session, and records what the database is.
 * @param books as they were found
 */
export async function markDatabase(
  database: TargetDatabase,
  session: Session,
  createdByUs: boolean,
  { runId, timeoutSeconds, timeToLive }: Marking,
  books: Bookkeeping,
): Promise<void> {
  const { engine } = database;
  const ledger = new Ledger(engine, session);
  if (database.protected) return ledger.create('protected', runId, timeoutSeconds, books);
  // A run that was killed right after it created the database left one of ours without bookkeeping.
  const creator = createdByUs ? runId : books.isThere ? undefined : await engine.creatorOf?.(session);
  await ledger.create(creator === undefined ? 'plain' : 'disposable', creator ?? runId, timeoutSeconds, books);
  await ledger.marker.renew(timeToLive);
}
