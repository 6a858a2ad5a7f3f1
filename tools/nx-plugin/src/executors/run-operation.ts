import { join } from 'node:path';
import type { ExecutorContext, Task } from '@nx/devkit';
import {
  formatError,
  placeArguments,
  toDatakitError,
  type Operation,
  type RunRequest,
  type Step,
} from '@datakit/framework/options';
import { isForwarded, readRunRequest, requestFor } from './run-request.ts';
import { pipelineStages, upstreamFolders } from './upstream-folders.ts';
import { useCompileCache } from './use-compile-cache.ts';

/** One operation on one project, in a process of its own, with its output on the terminal. */
export async function runOperation(operation: Operation, context: ExecutorContext): Promise<{ success: boolean }> {
  useCompileCache(context.root);
  const { abortOnSignals, consoleOutput, startRun } = await import('@datakit/framework/runs');
  const output = consoleOutput();
  const signals = abortOnSignals();
  try {
    const task = currentTask(context);
    const request = requestFor(task, operation, readRunRequest(), context);
    const run = startRun(request, signals.signal);
    try {
      const report = await run.step(stepFor(task, operation, context, request), output);
      return { success: report.status === 'succeeded' };
    } finally {
      await run[Symbol.asyncDispose]();
    }
  } catch (error) {
    output.line(formatError(toDatakitError(error, operation)));
    return { success: false };
  } finally {
    signals[Symbol.dispose]();
    // Nx ends the process as soon as this resolves, and what is still in the pipe is lost.
    await output.close();
  }
}

function currentTask({ projectName, targetName, configurationName, taskGraph }: ExecutorContext): Task {
  const task = Object.values(taskGraph?.tasks ?? {}).find(
    ({ target }) =>
      target.project === projectName && target.target === targetName && target.configuration === configurationName,
  );
  if (!task) throw new Error(`Nx started ${projectName}:${targetName}, which is not in its task graph.`);
  return task;
}

/** The step that a task stands for. */
export function stepFor(task: Task, operation: Operation, context: ExecutorContext, request: RunRequest): Step {
  const { project } = task.target;
  const { target } = request;
  return {
    operation,
    project,
    root: join(context.root, context.projectGraph.nodes[project]?.data.root ?? ''),
    upstream: upstreamFolders(project, context.projectGraph, context.root),
    ...(isForwarded(task) || isForeign(project, request) ? { isUpstream: true } : {}),
    ...(operation === 'pipeline' ? { stages: pipelineStages(project, context.projectGraph, context.root) } : {}),
    command: `nx run ${project}:deploy${target.name === undefined ? '' : `:${target.name}`}${placeArguments(target)}`,
  };
}

/** Not the one project that `nx run` named, nor of a command that named anything of ours. */
function isForeign(project: string, request: RunRequest): boolean {
  return request.isForOthers === true || (request.project !== undefined && request.project !== project);
}
