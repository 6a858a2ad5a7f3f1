import type { ExecutorContext, TaskGraph } from '@nx/devkit';
import { BatchRuns } from './batch-runs.ts';
import { RunOutcomes, type Outcome } from './run-outcomes.ts';
import { hasValidate, orderTasks, type OrderedTask } from './task-order.ts';
import { useCompileCache } from './use-compile-cache.ts';

export interface BatchTaskResult {
  readonly task: string;
  readonly result: {
    readonly success: boolean;
    readonly status?: 'skipped';
    readonly terminalOutput: string;
    readonly startTime: number;
    readonly endTime: number;
  };
}

/**
 * One operation on many projects in one process. Yields every task of the batch exactly once: Nx would start a task
 * without a result again.
 */
export async function* runBatch(batch: TaskGraph, context: ExecutorContext): AsyncGenerator<BatchTaskResult> {
  useCompileCache(context.root);
  const framework = await import('@datakit/framework/runs');
  const runs = new BatchRuns(framework, context);
  const home = framework.datakitHome(context.root);
  const outcomes = new RunOutcomes(home, runs.request.runId, hasValidate(batch, context));
  const ordered = orderTasks(batch, context);
  const isInBatch = ({ task }: OrderedTask) => Object.hasOwn(batch.tasks, task.id);
  const last = ordered.findLast(isInBatch);
  for (const next of ordered) {
    const { id } = next.task;
    const startTime = Date.now();
    const known = outcomes.get(id);
    if (known && !isInBatch(next)) continue;
    let outcome = known ?? withoutRunning(next, outcomes) ?? (await runs.do(next));
    if (next === last) outcome = withEnd(outcome, await runs.end());
    outcomes.set(id, outcome);
    if (isInBatch(next)) yield { task: id, result: { ...nxResult(outcome), startTime, endTime: Date.now() } };
  }
}

function withoutRunning({ task, after, blockedBy }: OrderedTask, outcomes: RunOutcomes): Outcome | undefined {
  const failed = after.find((id) => outcomes.get(id)?.success === false);
  if (failed !== undefined) {
    return { success: false, isSkipped: true, text: `Skipped, because ${failed} did not succeed.\n` };
  }
  if (blockedBy === undefined) return undefined;
  const reason = `OPTION_INVALID: validate was named together with ${task.id}, which waits for ${blockedBy}.`;
  return { success: false, text: `${reason}\n  Run validate in a command of its own.\n` };
}

/** What goes wrong at the end (a cleanup that is refused) has to fail something: the last task carries it. */
function withEnd(outcome: Outcome, text: string): Outcome {
  return text === '' ? outcome : { success: false, text: outcome.text + text };
}

function nxResult({ success, text, isSkipped }: Outcome) {
  return { success, terminalOutput: text, ...(isSkipped ? { status: 'skipped' as const } : {}) };
}
