import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { Datakit } from '../model/datakit.ts';
import type { TargetDatabase } from '../targets/target-database.ts';
import type { DeployPlan } from './deploy-plan.ts';
import { planDeployment } from './plan-deployment.ts';

/**
 * What a deployment would do. Changes nothing: the session refuses to, and a missing database is not created.
 * @throws TARGET_UNREACHABLE where the database of a protected target is missing
 */
export async function planOnly(
  datakit: Datakit,
  database: TargetDatabase,
): Promise<{ plan: DeployPlan; isProtected: boolean }> {
  const { engine } = database;
  const session = await database.connectIfThere({ readOnly: true });
  if (!session) return { plan: await planForMissing(datakit, database), isProtected: false };
  try {
    const ledger = new Ledger(engine, session);
    const { isThere, marker } = await ledger.look();
    const plan = await planDeployment(datakit, engine, session, isThere ? ledger : undefined);
    return { plan, isProtected: database.protected || marker?.kind === 'protected' };
  } finally {
    await database.disconnect(session);
  }
}

/** The plan for the database of a target, which does not exist. @throws TARGET_UNREACHABLE for a protected one */
export async function planForMissing(datakit: Datakit, database: TargetDatabase): Promise<DeployPlan> {
  if (database.protected) throw database.missing();
  return planForNothing(datakit, database.engine);
}

/** The plan for a database that does not exist: everything is new. */
export async function planForNothing(datakit: Datakit, engine: Engine): Promise<DeployPlan> {
  const nothing: Session = {
    query: async () => [],
    execute: async () => 0,
    executeAll: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
  return planDeployment(
    datakit,
    { ...engine, readTables: async () => [], missingRoles: async () => [] },
    nothing,
    undefined,
  );
}
