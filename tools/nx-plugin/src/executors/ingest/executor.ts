import type { ExecutorContext, TaskGraph } from '@nx/devkit';
import { runBatch } from '../run-batch.ts';
import { runOperation } from '../run-operation.ts';

/** `nx run <datakit>:ingest`; the options come through the plugin's hook, so that upstream tasks have them too. */
export default (_options: unknown, context: ExecutorContext) => runOperation('ingest', context);

/** `nx run-many -t ingest` and `nx affected -t ingest`: all datakits in one process. */
export const batch = (tasks: TaskGraph, _inputs: unknown, _overrides: unknown, context: ExecutorContext) =>
  runBatch(tasks, context);
