import type { ExecutorContext, Task, TaskGraph } from '@nx/devkit';
import { operations, type Operation } from '@datakit/framework/options';
import { executorOf } from '../graph/operation-targets.ts';

/** One of our tasks with everything of this run that has to end before it. */
export interface OrderedTask {
  readonly task: Task;
  readonly operation: Operation;
  /** Ids of our own tasks. */
  readonly after: readonly string[];
  /** The first task of somebody else's executor that it waits for, where Nx has not run that yet. */
  readonly blockedBy?: string;
}

/**
 * The tasks of a batch in the order in which they run, and before a `validate` what it has to come after: Nx knows
 * no dependency that only holds between tasks that were named together, and starts the batches of several operations
 * in an order of its own.
 */
export function orderTasks(batch: TaskGraph, context: ExecutorContext): OrderedTask[] {
  const whole = context.taskGraph ?? batch;
  const ordered = new Map<string, OrderedTask>();
  const visit = (id: string): void => {
    const task = whole.tasks[id];
    const operation = task && operationOf(task, context);
    if (!operation || ordered.has(id)) return;
    const dependencies = whole.dependencies[id] ?? [];
    const after = [...dependencies, ...(operation === 'validate' ? writersOf(task, whole, context) : [])];
    for (const before of after) visit(before);
    const isForeign = (other: string) => whole.tasks[other] && !operationOf(whole.tasks[other], context);
    const blockedBy = Object.hasOwn(batch.tasks, id)
      ? undefined
      : (dependencies.find(isForeign) ?? after.map((other) => ordered.get(other)?.blockedBy).find(Boolean));
    ordered.set(id, {
      task,
      operation,
      after: after.filter((other) => ordered.has(other)),
      ...(blockedBy === undefined ? {} : { blockedBy }),
    });
  };
  for (const id of Object.keys(batch.tasks)) visit(id);
  return [...ordered.values()];
}

/** True where this run validates, so that its batches have to know of each other. */
export function hasValidate(batch: TaskGraph, context: ExecutorContext): boolean {
  return Object.values((context.taskGraph ?? batch).tasks).some((task) => operationOf(task, context) === 'validate');
}

function writersOf(validate: Task, whole: TaskGraph, context: ExecutorContext): string[] {
  return Object.values(whole.tasks).flatMap((task) => {
    const operation = operationOf(task, context);
    const writes = operation === 'deploy' || operation === 'ingest';
    return writes && task.target.project === validate.target.project ? [task.id] : [];
  });
}

function operationOf({ target }: Task, context: ExecutorContext): Operation | undefined {
  const executor = context.projectsConfigurations.projects[target.project]?.targets?.[target.target]?.executor;
  return operations.find((operation) => executorOf(operation) === executor);
}
