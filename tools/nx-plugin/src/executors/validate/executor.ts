import type { ExecutorContext, TaskGraph } from '@nx/devkit';
import { runBatch } from '../run-batch.ts';
import { runOperation } from '../run-operation.ts';

/** `nx run <datakit>:validate`; the options come through the plugin's hook, so that upstream tasks have them too. */
export default (_options: unknown, context: ExecutorContext) => runOperation('validate', context);

/** `nx run-many -t validate` and `nx affected -t validate`: all datakits in one process. */
export const batch = (tasks: TaskGraph, _inputs: unknown, _overrides: unknown, context: ExecutorContext) =>
  runBatch(tasks, context);
