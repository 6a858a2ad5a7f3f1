import { nearestName } from '../errors/nearest-name.ts';
import type { DatakitErrorFields } from '../errors/datakit-error.ts';
import type { DeployPlan } from './deploy-plan.ts';
import { approvalOptions, describeStatements } from './describe-plan.ts';
import type { PlanFile } from './plan-file.ts';
import { differenceFrom, isRestOf } from './plan-difference.ts';
import { RefusedPlan } from './refused-plan.ts';

/** What a plan has to be before one statement of it runs. */
export interface PlanConditions {
  /** The database only takes plans that somebody approved. */
  readonly isProtected: boolean;
  /** Nothing was ever deployed there, so even bookkeeping would be a change. */
  readonly isFirst: boolean;
  readonly approve: readonly string[];
  readonly allowDestructive: readonly string[];
  /** The plan that must be done, and no other. */
  readonly file: PlanFile | undefined;
  /** The plan that the last deployment did, by its hash: doing it again is nothing to do. */
  readonly lastPlan: string | undefined;
  /** The plan that passed before this run did a part of it and had to begin again. */
  readonly begun: DeployPlan | undefined;
  /** What the user types to deploy, for hints. */
  readonly command: string;
}

/**
 * Lets a plan pass or refuses it as a whole.
 * @throws PLAN_STALE, NEEDS_APPROVAL, DESTRUCTIVE or OPTION_INVALID as {@link RefusedPlan}; nothing was run
 */
export function judgePlan(plan: DeployPlan, conditions: PlanConditions): void {
  refuseStale(plan, conditions);
  refuseUnapproved(plan, conditions);
  refuseDestruction(plan, conditions);
}

function refuseStale(plan: DeployPlan, { file, lastPlan, begun, command }: PlanConditions): void {
  if (!file || file.hash === plan.hash) return;
  const isDone = plan.statements.length === 0 && lastPlan === file.hash;
  if (isDone || isRestOf(plan, file) || (begun && isRestOf(plan, begun))) return;
  throw new RefusedPlan(plan, {
    code: 'PLAN_STALE',
    message: `${file.path} is not what "${plan.datakit}" needs now: ${differenceFrom(file, plan)} Nothing was changed.`,
    hint: `Write the plan again and look at it: ${command} --plan, with the same --planDir.`,
    details: { planned: file.hash, now: plan.hash },
  });
}

function refuseUnapproved(plan: DeployPlan, conditions: PlanConditions): void {
  const { isProtected, isFirst, approve, file, begun, command } = conditions;
  if (!isProtected || (plan.statements.length === 0 && !isFirst)) return;
  if (approve.includes(plan.hash) || (begun && isRestOf(plan, begun))) return;
  if (file && approve.includes(file.hash) && isRestOf(plan, file)) return;
  const given = approve.length === 0 ? 'it was not approved' : `--approve names another plan (${approve.join(', ')})`;
  throw new RefusedPlan(plan, {
    code: 'NEEDS_APPROVAL',
    message:
      `The database is protected, and "${plan.datakit}" has a plan ${plan.hash} with ` +
      `${describeStatements(plan.statements)}: ${given}. Nothing was changed.`,
    hint: `Look at the plan. To do it: ${command} ${approvalOptions(plan)}`,
    details: { plan: plan.hash },
  });
}

function refuseDestruction(plan: DeployPlan, { allowDestructive, isProtected, command }: PlanConditions): void {
  const refused = plan.destructive.filter((object) => !allowDestructive.includes(object));
  if (refused.length === 0) return;
  const fields: Pick<DatakitErrorFields, 'hint' | 'details'> = {
    hint: `Look at it with --plan. To go on: ${isProtected ? `${command} ${approvalOptions(plan)}` : `--allowDestructive=${refused.join(',')}`}`,
    details: { objects: refused },
  };
  for (const name of allowDestructive.filter((each) => !plan.destructive.includes(each))) {
    // A name of another datakit of the same command is none of our business; one that is nearly ours is a slip.
    const meant = nearestName(name, refused);
    if (meant === undefined) continue;
    const message = `--allowDestructive names "${name}", which would lose nothing; did you mean "${meant}"? Nothing was changed.`;
    throw new RefusedPlan(plan, { ...fields, code: 'OPTION_INVALID', message });
  }
  throw new RefusedPlan(plan, {
    ...fields,
    code: 'DESTRUCTIVE',
    message: `The plan for "${plan.datakit}" could lose data in ${refused.join(', ')}; nothing was changed.`,
  });
}
