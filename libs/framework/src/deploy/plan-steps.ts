import { createHash } from 'node:crypto';
import { DatakitError } from '../errors/datakit-error.ts';
import type { LedgerObject } from '../ledger/created-objects.ts';
import { expectedSteps } from '../structure/expected-steps.ts';
import type { PlanContext } from './plan-context.ts';
import type { WrittenStatement } from './write-statements.ts';

/** What the bookkeeping calls a step that a database ran. */
export const stepKind = 'step';

/** Statements by hand that a database has not run yet. */
export interface PlannedSteps {
  readonly before: readonly WrittenStatement[];
  readonly after: readonly WrittenStatement[];
  /** What is to be remembered, those included that need not run. */
  readonly created: readonly LedgerObject[];
}

/**
 * Finds the steps that are still to do.
 * @throws DATAKIT_INVALID where one changed after it ran, or has nothing for this engine
 */
export function planSteps(context: PlanContext): PlannedSteps {
  const { datakit, engine, live } = context;
  const before: WrittenStatement[] = [];
  const after: WrittenStatement[] = [];
  const created: LedgerObject[] = [];
  for (const { name, when, sql } of expectedSteps(datakit, engine)) {
    const object = { kind: stepKind, object: `${datakit.name}/${name}@${hashOf(sql)}` };
    if (context.isOurs(object)) continue;
    refuseChanged(name, context);
    created.push(object);
    // It prepares rows that are there; a new database has none, and will never have to run it.
    if (when === 'before' && live.size === 0) continue;
    const written: WrittenStatement = {
      statement: { object: `step ${name}`, class: 'altering', sql },
      creates: [object],
    };
    (when === 'before' ? before : after).push(written);
  }
  return { before, after, created };
}

function refuseChanged(step: string, { datakit, recorded }: PlanContext): void {
  const name = `${datakit.name}/${step}@`;
  if (!recorded.some((each) => each.kind === stepKind && each.object.startsWith(name))) return;
  throw new DatakitError({
    code: 'DATAKIT_INVALID',
    message: `The step "${step}" of "${datakit.name}" was done in this database already, and its SQL has changed since.`,
    hint: 'Give it back its SQL, and write what is to be done now as another step with a name of its own.',
  });
}

function hashOf(sql: string): string {
  return createHash('sha256').update(sql).digest('hex').slice(0, 16);
}
