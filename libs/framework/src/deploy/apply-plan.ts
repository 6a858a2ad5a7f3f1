import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { DeployPlan } from './deploy-plan.ts';
import { stepKind } from './plan-steps.ts';
import { watchViews } from './record-views.ts';

/** Runs the statements of a plan, those that run by themselves excepted, and keeps the books of what is ours. */
export async function applyPlan(
  plan: DeployPlan,
  engine: Engine,
  session: Session,
  ledger: Ledger,
  runId: string,
): Promise<void> {
  const rememberViews = await watchViews(engine, session, ledger);
  if (engine.supportsTransactionalDdl) {
    await runAll(plan, session);
    if (plan.created.length > 0) await ledger.objects.record(plan.datakit, runId, plan.created);
  } else {
    await applyOneByOne(plan, engine, session, ledger, runId);
  }
  if (plan.dropped.length > 0) await inOneCommit(engine, session, () => ledger.objects.forget(plan.dropped));
  await inOneCommit(engine, session, () => rememberViews(plan.views));
}

/** All statements that can in the transaction of the caller. @throws what the first that fails throws, with its object named */
async function runAll({ statements, standalone }: DeployPlan, session: Session): Promise<void> {
  try {
    await session.executeAll(statements.slice(0, statements.length - standalone).map(({ sql }) => sql));
  } catch (error) {
    const failed = error instanceof DatakitError ? statements[Number(error.details['statement'])] : undefined;
    throw failed ? aboutObject(error as DatakitError, failed.object) : error;
  }
}

/** Servers name constraints and types, seldom the table that a statement is about. */
export function aboutObject(
  { code, message, hint, retryable, details, cause }: DatakitError,
  object: string,
): DatakitError {
  const fields = { code, retryable, details: { ...details, object }, cause, ...(hint === undefined ? {} : { hint }) };
  return new DatakitError({ ...fields, message: `${message.replace(/\.+$/, '')} (${object}).` });
}

/**
 * Every statement commits by itself, so what it creates is recorded before it runs: after a kill at any point, what is
 * there is known to be ours, and the next plan starts from the live structure. What a failed statement did not create
 * is forgotten again.
 */
async function applyOneByOne(
  plan: DeployPlan,
  engine: Engine,
  session: Session,
  ledger: Ledger,
  runId: string,
): Promise<void> {
  const byStatements = new Set(plan.createdBy.flat());
  const notNeeded = plan.created.filter((object) => object.kind === stepKind && !byStatements.has(object));
  if (notNeeded.length > 0) {
    await inOneCommit(engine, session, () => ledger.objects.record(plan.datakit, runId, notNeeded));
  }
  for (const [index, { sql, object }] of plan.statements.entries()) {
    const creates = plan.createdBy[index] ?? [];
    const record = (): Promise<void> => ledger.objects.record(plan.datakit, runId, creates);
    try {
      if (creates.some(({ kind }) => kind === stepKind)) {
        // Rows and record are one commit, so a step about rows is done once; after one that commits by itself, the record follows.
        await inOneCommit(engine, session, async () => {
          await session.execute(sql);
          await record();
        });
        continue;
      }
      if (creates.length > 0) await inOneCommit(engine, session, record);
      await session.execute(sql);
    } catch (error) {
      // On a lost connection nobody knows whether it ran; the record stays, which the next plan can live with.
      await inOneCommit(engine, session, () => ledger.objects.forget(creates)).catch(() => undefined);
      throw error instanceof DatakitError ? aboutObject(error, object) : error;
    }
  }
}

/** Several statements about rows as one commit, inside of structural work that has no transaction around it. */
export async function inOneCommit<Result>(
  engine: Engine,
  session: Session,
  work: () => Promise<Result>,
): Promise<Result> {
  if (engine.supportsTransactionalDdl) return work();
  return engine.transaction(session, { locks: [], timeoutSeconds: 0 }, work);
}
