import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Datakit } from '../model/datakit.ts';
import { currentInstant } from '../report/instant.ts';
import { toolName } from '../report/tool-name.ts';
import { applyPlan, inOneCommit } from './apply-plan.ts';
import type { DeployPlan } from './deploy-plan.ts';
import { dropOwnTables } from './drop-own-tables.ts';
import { planDeployment } from './plan-deployment.ts';
import { liveFingerprint } from './up-to-date.ts';

/** What one deployment works on. */
export interface Deployment {
  readonly datakit: Datakit;
  readonly engine: Engine;
  readonly session: Session;
  readonly ledger: Ledger;
  readonly runId: string;
  readonly recreate: boolean;
  /** Seconds to wait for another run. */
  readonly lockTimeout: number;
}

/**
 * Plans, judges and applies under the lock of the datakit's schema, and records it.
 *
 * @param judge lets the plan pass or throws before its first statement
 */
export async function applyDeployment(deployment: Deployment, judge: (plan: DeployPlan) => void): Promise<DeployPlan> {
  const { datakit, engine, session, ledger, runId } = deployment;
  const startedAt = currentInstant();
  const locks = [{ key: `datakit:${datakit.schema}`, shared: false }];
  const transaction = { locks, timeoutSeconds: deployment.lockTimeout, structural: true };
  return engine.transaction(session, transaction, async () => {
    if (deployment.recreate) await dropOwnTables(datakit, engine, session, ledger);
    // Planned under the lock: another run may have deployed while this one waited.
    const plan = await planDeployment(datakit, engine, session, ledger);
    judge(plan);
    await applyPlan(plan, engine, session, ledger, runId);
    const record = {
      runId,
      datakit: datakit.name,
      modelFingerprint: plan.modelFingerprint,
      liveFingerprint: await liveFingerprint(datakit, engine, session),
      planHash: plan.hash,
      tool: toolName,
      startedAt,
      statements: plan.statements,
    };
    await inOneCommit(engine, session, () => ledger.deployments.record(record));
    return plan;
  });
}
