import type { PostTasksExecution } from '@nx/devkit';
import type { DatakitPluginOptions } from '../plugin-options.ts';
import { runIdOf } from './pre-tasks-execution.ts';

/** Ends the run after its last task: servers that waited between tasks for the next one are stopped. */
export const postTasksExecution: PostTasksExecution<DatakitPluginOptions> = async (_, { id, workspaceRoot }) => {
  const runId = runIdOf(id);
  if (runId === undefined) return;
  const { endRun } = await import('@datakit/framework/run-end');
  await endRun(workspaceRoot, runId);
};
