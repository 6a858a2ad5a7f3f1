import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import type { DatabaseKind } from '../ledger/database-marker.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { Datakit } from '../model/datakit.ts';
import { currentInstant } from '../report/instant.ts';
import { toolName } from '../report/tool-name.ts';
import { expectedTables } from '../structure/expected-tables.ts';
import { fingerprint } from '../structure/fingerprint.ts';
import type { TargetDatabase } from '../targets/target-database.ts';
import { applyPlan, inOneCommit } from './apply-plan.ts';
import type { DeployPlan } from './deploy-plan.ts';
import { checkRecreate } from './disposable.ts';
import { dropOwnTables } from './drop-own-tables.ts';
import { planDeployment } from './plan-deployment.ts';

/** How a deployment is done; everything has a default. */
export interface DeployOptions {
  /** Make the plan and change nothing; a missing database is not created. */
  readonly plan?: boolean;
  /** Objects that may lose data: `film`, `film.title`. */
  readonly allowDestructive?: readonly string[];
  /** Drop the datakit's own tables first; disposable databases only. */
  readonly recreate?: boolean;
  /** Seconds to wait for another run; 10. */
  readonly lockTimeout?: number;
  readonly runId: string;
}

/** What a deployment did, or with `plan` would do. */
export interface DeployResult {
  readonly plan: DeployPlan;
  /** False where there was nothing to do, or only a plan was asked for. */
  readonly applied: boolean;
  /** True when this deployment created the database itself. */
  readonly createdDatabase: boolean;
}

/**
 * Brings the tables of a datakit into a target: all of its statements or none, where the engine has transactional DDL;
 * elsewhere the next deployment goes on where one was killed.
 *
 * @throws DESTRUCTIVE when data would be lost and was not named, NOT_DISPOSABLE for `recreate` elsewhere, LOCKED,
 * IDENTIFIER, TYPE_UNSUPPORTED, DRIFT, TARGET_UNREACHABLE, AUTH_FAILED, TARGET_FAILED
 */
export async function deployTo(
  datakit: Datakit,
  database: TargetDatabase,
  options: DeployOptions,
): Promise<DeployResult> {
  const { engine } = database;
  // Names and types are checked before anything is created.
  expectedTables(datakit, engine);
  if (options.recreate) await checkRecreate(database);
  if (options.plan && !(await database.exists())) {
    if (database.protected) throw database.missing();
    return { plan: await planForNothing(datakit, engine), applied: false, createdDatabase: false };
  }
  const createdDatabase = options.plan ? false : await database.create();
  const session = await database.connect({ readOnly: options.plan ?? false });
  try {
    const ledger = new Ledger(engine, session);
    if (options.plan) {
      const plan = await planDeployment(datakit, engine, session, (await ledger.exists()) ? ledger : undefined);
      return { plan, applied: false, createdDatabase };
    }
    const timeoutSeconds = options.lockTimeout ?? 10;
    await ledger.create(kindOf(database, createdDatabase), options.runId, timeoutSeconds);
    const { plan, applied } = await apply(datakit, engine, session, ledger, {
      ...options,
      lockTimeout: timeoutSeconds,
    });
    return { plan, applied, createdDatabase };
  } finally {
    await database.disconnect(session);
  }
}

function kindOf(database: TargetDatabase, createdDatabase: boolean): DatabaseKind {
  if (database.protected) return 'protected';
  return createdDatabase ? 'disposable' : 'plain';
}

async function apply(
  datakit: Datakit,
  engine: Engine,
  session: Session,
  ledger: Ledger,
  options: DeployOptions & { readonly lockTimeout: number },
): Promise<{ plan: DeployPlan; applied: boolean }> {
  const startedAt = currentInstant();
  if (!options.recreate && (await isUpToDate(datakit, engine, session, ledger))) {
    return { plan: emptyPlan(datakit, engine), applied: false };
  }
  const locks = [{ key: `datakit:${datakit.schema}`, shared: false }];
  const transaction = { locks, timeoutSeconds: options.lockTimeout, structural: true };
  return engine.transaction(session, transaction, async () => {
    if (options.recreate) await dropOwnTables(datakit, engine, session, ledger);
    // Planned under the lock: another run may have deployed while this one waited.
    const plan = await planDeployment(datakit, engine, session, ledger);
    refuseDestruction(plan, options.allowDestructive ?? []);
    await applyPlan(plan, engine, session, ledger, options.runId);
    const record = {
      runId: options.runId,
      datakit: datakit.name,
      modelFingerprint: plan.modelFingerprint,
      liveFingerprint: await liveFingerprint(datakit, engine, session),
      tool: toolName,
      startedAt,
      statements: plan.statements,
    };
    await inOneCommit(engine, session, () => ledger.deployments.record(record));
    return { plan, applied: plan.statements.length > 0 };
  });
}

/** True when neither the model nor the database changed since the last deployment: two queries, no lock. */
async function isUpToDate(datakit: Datakit, engine: Engine, session: Session, ledger: Ledger): Promise<boolean> {
  const last = await ledger.deployments.last(datakit.name);
  if (!last) return false;
  const model = fingerprint(expectedTables(datakit, engine).map((table) => table.structure));
  return last.modelFingerprint === model && last.liveFingerprint === (await liveFingerprint(datakit, engine, session));
}

async function liveFingerprint(datakit: Datakit, engine: Engine, session: Session): Promise<string> {
  const names = expectedTables(datakit, engine).map((table) => table.structure.table);
  return fingerprint(await engine.readTables(session, names));
}

function refuseDestruction(plan: DeployPlan, allowed: readonly string[]): void {
  const refused = plan.destructive.filter((object) => !allowed.includes(object));
  if (refused.length === 0) return;
  throw new DatakitError({
    code: 'DESTRUCTIVE',
    message: `The plan for "${plan.datakit}" could lose data in ${refused.join(', ')}; nothing was changed.`,
    hint: `Look at it with --plan. To go on: --allowDestructive=${refused.join(',')}`,
    details: { objects: refused },
  });
}

function emptyPlan(datakit: Datakit, engine: Engine): DeployPlan {
  const modelFingerprint = fingerprint(expectedTables(datakit, engine).map((table) => table.structure));
  return {
    datakit: datakit.name,
    statements: [],
    createdBy: [],
    destructive: [],
    newTables: [],
    created: [],
    dropped: [],
    modelFingerprint,
  };
}

/** The plan for a database that does not exist: everything is new. */
async function planForNothing(datakit: Datakit, engine: Engine): Promise<DeployPlan> {
  const nothing: Session = {
    query: async () => [],
    execute: async () => 0,
    [Symbol.asyncDispose]: async () => undefined,
  };
  return planDeployment(datakit, { ...engine, readTables: async () => [] }, nothing, undefined);
}
