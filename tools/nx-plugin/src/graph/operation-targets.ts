import type { TargetConfiguration } from '@nx/devkit';
import { targetNames, type Operation, type OperationOptions } from '@datakit/framework/options';
import type { DatakitPluginOptions } from '../plugin-options.ts';

/** How the executors are named in project graphs and in `project.json`. */
export function executorOf(operation: Operation): string {
  return `@datakit/nx:${operation}`;
}

const dependsOn: Record<Operation, NonNullable<TargetConfiguration['dependsOn']>> = {
  deploy: ['^deploy'],
  // Its place after deploy and ingest, where one command names them together, is kept by the batch.
  validate: [],
  // Nx tells a task not whether the command chose its project, or another one brought it along. Only the latter gets
  // the options below forwarded, and is known by them (`isForwarded`).
  ingest: ['deploy', { target: 'ingest', dependencies: true, options: 'forward' }],
  pipeline: [],
  targets: [],
};

const options: Partial<Record<Operation, OperationOptions>> = { ingest: { upstream: 'missing' } };

const description: Record<Operation, string> = {
  deploy: 'Creates the tables in a database target, or brings them up to date',
  validate: 'Proves that the database target has what the datakit declares',
  ingest: 'Fills the tables from the source',
  pipeline: 'Takes all datakits that it depends on through deploy, ingest and validate',
  targets: 'Lists the database targets: engine, address, reachable or not',
};

/**
 * The targets that every datakit gets. Nothing in them comes from the environment, so that hashes stay the same
 * on every machine.
 *
 * @param root the project's folder, for the command shown by `nx show project`
 */
export function operationTargets(root: string, plugin: DatakitPluginOptions): Record<string, TargetConfiguration> {
  const target = targetMaker(root, plugin);
  return {
    deploy: target('deploy', { options: { lockTimeout: 30 } }),
    ingest: target('ingest', { options: { formats: ['table', 'parquet'] } }),
    targets: target('targets', { options: { json: true } }),
    validate: target('validate', { options: { reportFile: 'validate.json' } }),
  };
}

/** The targets of a pipeline: `nx run pagila-pipeline:run`. */
export function pipelineTargets(root: string, plugin: DatakitPluginOptions): Record<string, TargetConfiguration> {
  const target = targetMaker(root, plugin);
  return {
    run: target('pipeline', { options: { upstream: 'missing' } }),
    targets: target('targets', { options: { json: true } }),
  };
}

type MakeTarget = (operation: Operation, example: Record<string, unknown>) => TargetConfiguration;

function targetMaker(root: string, plugin: DatakitPluginOptions): MakeTarget {
  const configurations = Object.fromEntries(
    targetNames(plugin.targets)
      .toSorted()
      .map((name) => [name, {}]),
  );
  return (operation, example) => ({
    executor: executorOf(operation),
    cache: false,
    dependsOn: dependsOn[operation],
    ...(options[operation] ? { options: options[operation] } : {}),
    ...(operation === 'targets' ? {} : { configurations }),
    metadata: {
      technologies: ['datakit'],
      description: description[operation],
      help: { command: `datakit ${operation} ${operation === 'targets' ? '' : `${root} `}--help`, example },
    },
  });
}
