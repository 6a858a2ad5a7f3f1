import type { DatabaseState } from '../harness/database-state.ts';
import type { WatchedRun } from '../harness/fault-target.ts';

/** Everything that a user may see of a lost connection is in the error's code. */
const expectedCode = 'TARGET_UNREACHABLE';

/** What is wrong with the end of a command whose connection broke. */
export function wrongEnding({ ended, report, secondsAfterFault }: WatchedRun, withinSeconds: number): string[] {
  const { exitCode, code, hung, output } = ended;
  if (hung) return ['it hangs'];
  const wrong = secondsAfterFault > withinSeconds ? [`it took ${Math.round(secondsAfterFault)} s`] : [];
  // The fault came too late to matter.
  if (exitCode === 0) return wrong;
  if (code !== expectedCode) wrong.push(`it ended with ${code}: ${output.trim()}`);
  if (report?.status !== 'failed') wrong.push(`its report says "${report?.status}"`);
  if (report?.error?.retryable !== true) wrong.push('its report does not say that it can be tried again');
  if (/unhandled|^ {4}at /im.test(output)) wrong.push(`it prints a stack: ${output.trim()}`);
  return wrong;
}

/** How many tables of the datakit `wide` there are. */
export function wideTables(state: DatabaseState): number {
  return [...state.keys()].filter((name) => /^rows wide[._]table_/.test(name)).length;
}
