import { createHash } from 'node:crypto';
import type { DeployPlan } from './deploy-plan.ts';

/** What a hash is over. Estimates of rows are not in it, and neither are runs, times and places. */
type Hashed = Pick<DeployPlan, 'datakit' | 'modelFingerprint' | 'liveFingerprint' | 'statements'>;

/** The hash of a plan: equal for equal statements from the same structure to the same model. */
export function planHash({ datakit, modelFingerprint, liveFingerprint, statements }: Hashed): string {
  const ordered = statements.map(({ object, class: statementClass, sql }) => [object, statementClass, sql]);
  const text = JSON.stringify(['datakit plan 1', datakit, modelFingerprint, liveFingerprint, ordered]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
