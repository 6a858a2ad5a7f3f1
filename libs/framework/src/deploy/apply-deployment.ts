import type { Engine, TransactionOptions } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Datakit } from '../model/datakit.ts';
import { currentInstant } from '../report/instant.ts';
import { toolName } from '../report/tool-name.ts';
import { liveFingerprint } from '../structure/fingerprints.ts';
import { applyPlan, inOneCommit } from './apply-plan.ts';
import type { DeployPlan } from './deploy-plan.ts';
import { dropOwnTables } from './drop-own-tables.ts';
import { planDeployment } from './plan-deployment.ts';
import { planWhenUpToDate } from './up-to-date.ts';

/** What one deployment works on. */
export interface Deployment {
  readonly datakit: Datakit;
  readonly engine: Engine;
  readonly session: Session;
  readonly ledger: Ledger;
  readonly runId: string;
  readonly recreate: boolean;
  /** After renames the rest is planned and done as well; false where each plan is to be seen before. */
  readonly mayGoOn: boolean;
  /** Seconds to wait for another run. */
  readonly lockTimeout: number;
}

/**
 * Plans, judges and applies under the lock of the datakit's schema, and records it.
 *
 * @param judge lets the plan pass or throws before its first statement; returns the plan that it is, or is the rest of
 */
export async function applyDeployment(
  deployment: Deployment,
  judge: (plan: DeployPlan) => DeployPlan,
): Promise<DeployPlan> {
  const { datakit, engine, session, ledger, runId } = deployment;
  const startedAt = currentInstant();
  return engine.transaction(session, { ...lockOf(deployment), structural: true }, async () => {
    if (deployment.recreate) await dropOwnTables(datakit, engine, session, ledger);
    // Planned under the lock: another run may have deployed while this one waited.
    const plan = await planDeployment(datakit, engine, session, ledger);
    const whole = judge(plan);
    // Then that run has recorded it: a deployment that does nothing leaves no trace.
    const isNothing = plan.statements.length === 0 && whole === plan && !deployment.recreate;
    if (isNothing && (await planWhenUpToDate(datakit, engine, session, ledger))) return plan;
    if (plan.claims.length > 0) await engine.claimTables(session, plan.claims, claimTimeoutMs(deployment));
    await applyPlan(plan, engine, session, ledger, runId);
    const rest = plan.isAll || !deployment.mayGoOn ? undefined : await planDeployment(datakit, engine, session, ledger);
    if (rest) {
      judge(rest);
      await applyPlan(rest, engine, session, ledger, runId);
    }
    const { newTables, standalone } = rest ?? whole;
    const done = rest
      ? { ...whole, statements: [...whole.statements, ...rest.statements], newTables, standalone }
      : whole;
    const statements = done.statements.slice(0, done.statements.length - standalone);
    const isComplete = (plan.isAll || rest !== undefined) && standalone === 0;
    const record = {
      runId,
      datakit: datakit.name,
      modelFingerprint: whole.modelFingerprint,
      // The next deployment looks what is left of a plan that is not all.
      liveFingerprint: isComplete ? await liveFingerprint(datakit, engine, session) : 'incomplete',
      planHash: whole.hash,
      tool: toolName,
      startedAt,
      statements,
    };
    await inOneCommit(engine, session, () => ledger.deployments.record(record));
    return done;
  });
}

/** Keeps other deployments of the same schema out. */
export function lockOf({ datakit, lockTimeout }: Deployment): TransactionOptions {
  return { locks: [{ key: `datakit:${datakit.schema}`, shared: false }], timeoutSeconds: lockTimeout };
}

/** How long one attempt may wait for those who use the tables: their readers queue behind it meanwhile. */
const longestClaimMs = 5_000;

function claimTimeoutMs({ lockTimeout }: Deployment): number {
  return Math.min(longestClaimMs, lockTimeout * 1000);
}
