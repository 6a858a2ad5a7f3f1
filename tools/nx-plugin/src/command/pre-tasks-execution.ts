import { readCachedProjectGraph, type PreTasksExecution } from '@nx/devkit';
import { checkPluginOptions, type DatakitPluginOptions } from '../plugin-options.ts';
import { withoutStack } from '../without-stack.ts';
import { readCommand } from './read-command.ts';

/** Run ids by the id that Nx gives a command: an Nx daemon serves several at a time. */
const runIds = new Map<string, string>();

/** The run of a command, once: it ends. */
export function runIdOf(commandId: string): string | undefined {
  const runId = runIds.get(commandId);
  runIds.delete(commandId);
  return runId;
}

/**
 * Reads target and options once, before any task starts, and hands them to every task of the run in `DATAKIT_RUN`.
 * Throwing here ends the command with exit code 1 and no task started.
 */
export const preTasksExecution: PreTasksExecution<DatakitPluginOptions> = (options, { id, argv, workspaceRoot }) => {
  withoutStack(() => {
    const graph = readCachedProjectGraph();
    const { request, batchMode } = readCommand(argv, workspaceRoot, graph, checkPluginOptions(options));
    runIds.set(id, request.runId);
    // Always written: a task that depends on ours needs it too, and an nx that a task starts must inherit nothing.
    process.env['DATAKIT_RUN'] = JSON.stringify(request);
    if (batchMode !== undefined) process.env['NX_BATCH_MODE'] = batchMode;
  });
};
