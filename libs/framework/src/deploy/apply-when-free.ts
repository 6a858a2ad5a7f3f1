import { setTimeout as sleep } from 'node:timers/promises';
import { DatakitError } from '../errors/datakit-error.ts';
import { applyDeployment, type Deployment } from './apply-deployment.ts';
import type { DeployPlan } from './deploy-plan.ts';
import { qualified } from './owned-objects.ts';
import { isRestOf } from './plan-difference.ts';

const firstPauseMs = 200;
const longestPauseMs = 3_000;

/**
 * Applies a deployment, again and again while others use the tables that it needs. Each attempt waits for them for a
 * few seconds at most and lets go of everything in between, so that it never keeps their readers waiting for longer.
 *
 * @param judge lets a plan pass or throws; `begun` is the plan that passed before, of which a part may be done
 * @throws LOCKED with the one who uses a table, after `lockTimeout`
 */
export async function applyWhenFree(
  deployment: Deployment,
  judge: (plan: DeployPlan, begun: DeployPlan | undefined) => void,
): Promise<DeployPlan> {
  const begunAt = performance.now();
  let begun: DeployPlan | undefined;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await applyDeployment(deployment, (plan) => {
        judge(plan, begun);
        // Where statements commit by themselves, the rest of a plan that was cut off is not all that was done.
        if (!begun || !isRestOf(plan, begun)) begun = plan;
        return begun;
      });
    } catch (error) {
      if (!begun || !isInTheWay(error)) throw error;
      const waitedMs = performance.now() - begunAt;
      if (waitedMs + pauseMs >= deployment.lockTimeout * 1000) throw await inUse(deployment, begun, waitedMs, error);
    }
    await sleep(pauseMs * (0.75 + Math.random() / 2));
  }
}

/** Somebody uses a table, or a deadlock was resolved against us; a lock of another run was waited for already. */
function isInTheWay(error: unknown): error is DatakitError {
  if (!(error instanceof DatakitError) || !error.retryable) return false;
  return (error.code === 'LOCKED' && !('lock' in error.details)) || error.code === 'TARGET_FAILED';
}

async function inUse(
  { datakit, engine, session }: Deployment,
  plan: DeployPlan,
  waitedMs: number,
  cause: unknown,
): Promise<DatakitError> {
  const tables = plan.claims.map(({ table }) => table);
  const user = await engine.usersOf(session, tables).catch(() => undefined);
  const left = engine.supportsTransactionalDdl
    ? 'Nothing was changed.'
    : 'What was done before stays; the next deployment goes on from there.';
  return new DatakitError({
    code: 'LOCKED',
    message:
      `"${datakit.name}" has to change ${tables.map(qualified).join(', ')}, and others used it for ` +
      `${Math.round(waitedMs / 1000)} s${user === undefined ? '' : `: ${user}`}. ${left}`,
    hint: 'Wait for them to end, or give a longer --lockTimeout.',
    retryable: true,
    details: { tables: tables.map(qualified) },
    cause,
  });
}
