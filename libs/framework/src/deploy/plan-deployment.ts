import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Datakit } from '../model/datakit.ts';
import { combinedFingerprint, modelFingerprint } from '../structure/fingerprints.ts';
import type { DeployPlan } from './deploy-plan.ts';
import { planAlterations } from './plan-alterations.ts';
import { planContext } from './plan-context.ts';
import { planGrants } from './plan-grants.ts';
import { planHash } from './plan-hash.ts';
import { planNewTables } from './plan-new-tables.ts';
import { planRemovals } from './plan-removals.ts';
import { planRenames } from './plan-renames.ts';
import { planSteps } from './plan-steps.ts';
import { planViews } from './plan-views.ts';
import { allOf } from './planned-changes.ts';
import { writeStatements } from './write-statements.ts';

/**
 * Compares what a datakit declares with what is there, and writes the statements between the two.
 *
 * @param ledger undefined where the target has no bookkeeping yet, so nothing in it is ours
 * @throws DRIFT where a table of a declared name was made by somebody else and looks different, or a view of one is there
 * @throws ROLE_UNKNOWN for a reader that the server does not have
 * @throws DATAKIT_INVALID where a table belongs to another datakit, or a step changed after it was done
 */
export async function planDeployment(
  datakit: Datakit,
  engine: Engine,
  session: Session,
  ledger: Ledger | undefined,
): Promise<DeployPlan> {
  const context = await planContext(datakit, engine, session, ledger);
  const additions = await planNewTables(context);
  const removals = await planRemovals(context);
  const everything = allOf([additions, planAlterations(context), removals, await planViews(context)]);
  const renames = context.renames.length > 0 ? planRenames(context, everything) : undefined;
  const all = renames ?? everything;
  const views = renames ? [] : context.views;
  const changes = await writeStatements(engine, session, all.changes, views);
  const steps = planSteps(context);
  const grants = await planGrants(context);
  // Steps name things as they are declared, so they come after renames, too.
  const written = renames
    ? changes.statements
    : [...steps.before, ...changes.statements, ...grants.statements, ...steps.after, ...changes.standalone];
  const hashed = {
    datakit: datakit.name,
    modelFingerprint: modelFingerprint(datakit, engine),
    liveFingerprint: combinedFingerprint(
      [...context.live.values(), ...removals.there],
      [...context.liveViews.values()],
    ),
    statements: written.map(({ statement }) => statement),
  };
  return {
    ...hashed,
    hash: planHash(hashed),
    standalone: renames ? 0 : changes.standalone.length,
    createdBy: written.map(({ creates }) => creates),
    destructive: all.destructive,
    newTables: renames ? [] : additions.newTables,
    claims: changes.claims,
    created: renames ? all.created : [...all.created, ...grants.created, ...steps.created],
    // What is dropped to be made anew stays ours.
    dropped: [...all.dropped, ...(renames ? [] : grants.dropped)].filter(
      ({ kind, object }) => !all.created.some((each) => each.kind === kind && each.object === object),
    ),
    views,
    isAll: renames === undefined || (renames.isAll && steps.created.length + grants.statements.length === 0),
  };
}
