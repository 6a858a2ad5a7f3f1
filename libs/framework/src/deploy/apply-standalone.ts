import type { Session } from '../engines/session.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { currentInstant } from '../report/instant.ts';
import { toolName } from '../report/tool-name.ts';
import { liveFingerprint } from '../structure/fingerprints.ts';
import { lockOf, type Deployment } from './apply-deployment.ts';
import { aboutObject } from './apply-plan.ts';
import type { DeployPlan } from './deploy-plan.ts';
import { planDeployment } from './plan-deployment.ts';

/**
 * Runs those statements of a plan that run in no transaction, one after the other, when all others are committed. The
 * lock of the datakit's schema is held by a second session meanwhile: that of the first one ended with its transaction,
 * and one of a session breaks behind a pooler. After a kill the next deployment finds what is left and builds it again.
 *
 * @throws LOCKED while another run deploys, TARGET_FAILED with the object
 */
export async function applyStandalone(deployment: Deployment, guard: Session, plan: DeployPlan): Promise<void> {
  const { datakit, engine, session, ledger, runId } = deployment;
  const startedAt = currentInstant();
  const own = plan.statements.slice(plan.statements.length - plan.standalone);
  await engine.transaction(guard, lockOf(deployment), async () => {
    // Between the two locks another run may have done some of them.
    const now = await planDeployment(datakit, engine, session, ledger);
    const needed = new Set(now.statements.map(({ sql }) => sql));
    const statements = own.filter(({ sql }) => needed.has(sql));
    for (const { object, sql } of statements) {
      try {
        await session.execute(sql);
      } catch (error) {
        throw error instanceof DatakitError ? unfinished(aboutObject(error, object)) : error;
      }
    }
    const record = {
      runId,
      datakit: datakit.name,
      modelFingerprint: plan.modelFingerprint,
      liveFingerprint: await liveFingerprint(datakit, engine, session),
      planHash: plan.hash,
      tool: toolName,
      startedAt,
      statements,
    };
    await engine.transaction(session, { locks: [], timeoutSeconds: 0 }, () => ledger.deployments.record(record));
  });
}

function unfinished({ code, message, retryable, details, cause, hint }: DatakitError): DatakitError {
  const rest =
    'All else of the plan is done. What is left of this statement is dropped and built again by the next deployment.';
  return new DatakitError({
    code,
    message,
    retryable,
    details,
    cause,
    hint: hint === undefined ? rest : `${rest} ${hint}`,
  });
}
