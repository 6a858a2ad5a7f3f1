import type { Session } from '../engines/session.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { Datakit } from '../model/datakit.ts';
import { allStructures, expectedTables } from '../structure/expected-tables.ts';
import { expectedViews } from '../structure/expected-views.ts';
import type { TargetDatabase } from '../targets/target-database.ts';
import type { Deployment } from './apply-deployment.ts';
import { applyWhenFree } from './apply-when-free.ts';
import type { DeployPlan } from './deploy-plan.ts';
import { createDatabase, markDatabase, readTimeToLive, type Marking } from './create-database.ts';
import { checkRecreate } from './disposable.ts';
import { EarlyConnection } from './early-connection.ts';
import { judgePlan, type PlanConditions } from './judge-plan.ts';
import { planDeployment } from './plan-deployment.ts';
import { readPlanFile, type PlanFile } from './plan-file.ts';
import { planForMissing, planOnly } from './plan-only.ts';
import { planWhenUpToDate } from './up-to-date.ts';

/** How a deployment is done; everything has a default. */
export interface DeployOptions {
  /** Make the plan and change nothing; a missing database is not created. */
  readonly plan?: boolean;
  /** A file that `writePlanFile` wrote: its plan is done and no other. */
  readonly planFile?: string;
  /** Hashes of plans that may be done on a protected database. */
  readonly approve?: readonly string[];
  /** Objects that may lose data: `film`, `film.title`. */
  readonly allowDestructive?: readonly string[];
  /** Drop the datakit's own tables first; disposable databases only. */
  readonly recreate?: boolean;
  /** How long a database that we made stays after its last deployment, before `targets --prune` drops it: `2h`, `3d`, `never`. */
  readonly timeToLive?: string;
  /** Seconds to wait for another run, and for those who use the tables; 10. */
  readonly lockTimeout?: number;
  /** What the user types to deploy, for hints. */
  readonly command?: string;
  readonly runId: string;
}

/** What a deployment did, or with `plan` would do. */
export interface DeployResult {
  readonly plan: DeployPlan;
  /** False where there was nothing to do, or only a plan was asked for. */
  readonly applied: boolean;
  /** True when this deployment created the database itself. */
  readonly createdDatabase: boolean;
  /** The database only takes plans that somebody approved. */
  readonly isProtected: boolean;
}

/**
 * Brings the tables of a datakit into a target: all of its statements or none, where the engine has transactional DDL;
 * elsewhere the next deployment goes on where one was killed.
 *
 * @throws NEEDS_APPROVAL, PLAN_STALE and DESTRUCTIVE with the plan that was refused (see {@link RefusedPlan}),
 * PLAN_INVALID, NOT_DISPOSABLE for `recreate` elsewhere, LOCKED, IDENTIFIER, TYPE_UNSUPPORTED, DRIFT,
 * TARGET_UNREACHABLE, AUTH_FAILED, TARGET_FAILED
 */
export async function deployTo(
  datakit: Datakit,
  database: TargetDatabase,
  options: DeployOptions,
): Promise<DeployResult> {
  const { engine } = database;
  await using connection = await EarlyConnection.begin(database);
  // Names and types are checked before anything is created.
  expectedTables(datakit, engine);
  expectedViews(datakit, engine);
  if (options.recreate) await checkRecreate(database);
  if (options.plan) return { ...(await planOnly(datakit, database)), applied: false, createdDatabase: false };
  const file = options.planFile === undefined ? undefined : readPlanFile(options.planFile);
  const timeToLive = await readTimeToLive(database, options.timeToLive);
  const marking = { runId: options.runId, timeoutSeconds: options.lockTimeout ?? defaultLockTimeout, timeToLive };
  // Looking for a database is connecting to it: one that is there, which is the usual case, costs one connection.
  const there = await connection.take();
  if (there) return await deployInto(there, { datakit, database, options, file, marking, createdDatabase: false });
  if (file) {
    judgePlan(
      await planForMissing(datakit, database),
      conditionsOf(options, { file, isProtected: database.protected }),
    );
  }
  const created = await createDatabase(datakit, database, marking);
  if (created?.plan) return { plan: created.plan, applied: true, createdDatabase: true, isProtected: false };
  const createdDatabase = created !== undefined;
  return await deployInto(await database.connect(), { datakit, database, options, file, marking, createdDatabase });
}

const defaultLockTimeout = 10;

/** What one deployment is about, once its database is there. */
interface Work {
  readonly datakit: Datakit;
  readonly database: TargetDatabase;
  readonly options: DeployOptions;
  readonly file: PlanFile | undefined;
  readonly marking: Marking;
  readonly createdDatabase: boolean;
}

/** @param session is closed at the end */
async function deployInto(session: Session, work: Work): Promise<DeployResult> {
  const { datakit, database, options, file, marking, createdDatabase } = work;
  const { engine } = database;
  try {
    const ledger = new Ledger(engine, session);
    const tables = allStructures(expectedTables(datakit, engine)).map(({ table }) => table);
    const books = await ledger.look(tables);
    const isFirst = !books.isThere;
    const isProtected = database.protected || books.marker?.kind === 'protected';
    const lastPlan = isFirst || !file ? undefined : (await ledger.deployments.last(datakit.name))?.planHash;
    const conditions = conditionsOf(options, { file, isProtected, isFirst, lastPlan });
    // Judged before even the bookkeeping is made; once more under the lock.
    if (isProtected || file) {
      judgePlan(await planDeployment(datakit, engine, session, isFirst ? undefined : ledger), conditions);
    }
    const recreate = options.recreate ?? false;
    await markDatabase(database, session, createdDatabase, marking, books);
    const upToDate = recreate ? undefined : await planWhenUpToDate(datakit, engine, session, ledger, books.others);
    if (upToDate) return { plan: upToDate, applied: false, createdDatabase, isProtected };
    const { runId, timeoutSeconds: lockTimeout } = marking;
    const mayGoOn = !isProtected && !file;
    const deployment = { datakit, engine, session, ledger, runId, recreate, lockTimeout, mayGoOn };
    const plan = await applyWhenFree(deployment, (planned, begun) =>
      judgePlan(planned, { ...conditions, isFirst: false, begun }),
    );
    if (plan.standalone > 0) await applyLast(deployment, plan, database);
    return { plan, applied: plan.statements.length > 0, createdDatabase, isProtected };
  } finally {
    await database.disconnect(session);
  }
}

async function applyLast(deployment: Deployment, plan: DeployPlan, database: TargetDatabase): Promise<void> {
  const { applyStandalone } = await import('./apply-standalone.ts');
  const guard = await database.connect();
  try {
    await applyStandalone(deployment, guard, plan);
  } finally {
    await database.disconnect(guard);
  }
}

function conditionsOf(
  { approve = [], allowDestructive = [], command = 'deploy' }: DeployOptions,
  found: {
    readonly file: PlanFile | undefined;
    readonly isProtected: boolean;
    readonly isFirst?: boolean;
    readonly lastPlan?: string | undefined;
  },
): PlanConditions {
  return { isFirst: false, lastPlan: undefined, begun: undefined, approve, allowDestructive, command, ...found };
}
