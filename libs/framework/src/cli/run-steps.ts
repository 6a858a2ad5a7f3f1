import { relative } from 'node:path';
import { v7 as uuidV7 } from 'uuid';
import { DatakitError } from '../errors/datakit-error.ts';
import { abortOnSignals } from '../report/abort-on-signals.ts';
import { consoleOutput } from '../report/console-output.ts';
import type { Operation } from '../runs/operation-options.ts';
import type { PipelineStage } from '../runs/pipeline/pipeline-stage.ts';
import type { RunRequest, Step } from '../runs/run-request.ts';
import { startRun } from '../runs/start-run.ts';
import { findWorkspaceRoot } from '../settings/datakit-home.ts';
import { checkTargetRequest } from '../targets/check-target-request.ts';
import { placeArguments } from '../runs/deploy-command.ts';
import { datakitFolder, projectName, upstreamFolders } from './datakit-folders.ts';
import type { TypedCommand } from './parse-arguments.ts';
import { workspaceTargets } from './workspace-targets.ts';

/**
 * Does one operation on the datakits that were named, those first that others build on.
 *
 * @returns the exit code: 0 when every step succeeded, 130 or 143 when a signal stopped one, else 1
 * @throws TARGET_UNKNOWN, OPTION_INVALID, CYCLE before the first step
 */
export async function runSteps(operation: Operation, typed: TypedCommand): Promise<number> {
  const workspaceRoot = findWorkspaceRoot();
  const workspace = workspaceTargets(workspaceRoot);
  checkTargetRequest(typed.target, workspace.targets);
  const steps = operation === 'targets' ? [targetsStep(workspaceRoot, typed)] : datakitSteps(operation, typed);
  const { target, options } = typed;
  const request: RunRequest = { runId: uuidV7(), workspaceRoot, target, options, ...workspace };
  const output = consoleOutput();
  const signals = abortOnSignals();
  const run = startRun(request, signals.signal);
  const failed = new Set<string>();
  try {
    for (const step of steps) {
      const broken = step.upstream.find((folder) => failed.has(folder));
      if (broken !== undefined) {
        output.line(`${step.project}: skipped, because ${projectName(broken)} did not succeed.`);
        failed.add(step.root);
      } else if ((await run.step(step, output)).status !== 'succeeded') {
        failed.add(step.root);
      }
    }
  } finally {
    try {
      await run[Symbol.asyncDispose]();
    } finally {
      signals[Symbol.dispose]();
      await output.close();
    }
  }
  return failed.size === 0 ? 0 : (signals.exitCode ?? 1);
}

function datakitSteps(operation: Operation, { paths, target }: TypedCommand): Step[] {
  if (paths.length === 0) {
    throw new DatakitError({
      code: 'OPTION_INVALID',
      message: `${operation} needs the folder of a datakit.`,
      hint: `For example: datakit ${operation} libs/bronze-pagila`,
    });
  }
  const steps = [...new Set(paths.map(datakitFolder))].map((root) => ({
    operation,
    project: projectName(root),
    root,
    upstream: upstreamFolders(root),
    ...(operation === 'pipeline' ? { stages: stagesOf(root) } : {}),
    command: `datakit deploy ${relative('', root)}${target.name === undefined ? '' : ` --target=${target.name}`}${placeArguments(target)}`,
  }));
  // What is upstream of a folder has fewer folders upstream itself.
  return steps.toSorted((one, other) => one.upstream.length - other.upstream.length);
}

/** All datakits that a folder builds on, as the stages of a pipeline. */
function stagesOf(root: string): PipelineStage[] {
  return upstreamFolders(root).map((folder) => ({
    project: projectName(folder),
    root: folder,
    upstream: upstreamFolders(folder),
  }));
}

function targetsStep(workspaceRoot: string, { paths }: TypedCommand): Step {
  if (paths.length > 0) {
    throw new DatakitError({
      code: 'OPTION_INVALID',
      message: 'targets takes no folders: the list is the same for all.',
    });
  }
  return { operation: 'targets', project: projectName(workspaceRoot), root: workspaceRoot, upstream: [] };
}
