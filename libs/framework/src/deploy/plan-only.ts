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
  if (!(await database.exists())) {
    if (database.protected) throw database.missing();
    return { plan: await planForNothing(datakit, engine), isProtected: false };
  }
  const session = await database.connect({ readOnly: true });
  try {
    const ledger = new Ledger(engine, session);
    const isFirst = !(await ledger.exists());
    const marker = isFirst ? undefined : await ledger.marker.read();
    const plan = await planDeployment(datakit, engine, session, isFirst ? undefined : ledger);
    return { plan, isProtected: database.protected || marker?.kind === 'protected' };
  } finally {
    await database.disconnect(session);
  }
}

/** The plan for a database that does not exist: everything is new. */
export async function planForNothing(datakit: Datakit, engine: Engine): Promise<DeployPlan> {
  const nothing: Session = {
    query: async () => [],
    execute: async () => 0,
    [Symbol.asyncDispose]: async () => undefined,
  };
  return planDeployment(
    datakit,
    { ...engine, readTables: async () => [], missingRoles: async () => [] },
    nothing,
    undefined,
  );
}
