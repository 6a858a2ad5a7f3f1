import type { TargetConfiguration } from '@nx/devkit';
import { targetNames, type Operation } from '@datakit/framework/options';
import type { DatakitPluginOptions } from '../plugin-options.ts';

/** How the executors are named in project graphs and in `project.json`. */
export function executorOf(operation: Operation): string {
  return `@datakit/nx:${operation}`;
}

const dependsOn: Record<Operation, string[]> = {
  deploy: ['^deploy'],
  // Its place after deploy and ingest, where one command names them together, is kept by the batch.
  validate: [],
  ingest: ['deploy', '^ingest'],
  pipeline: [],
  targets: [],
};

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
export function operationTargets(root: string, options: DatakitPluginOptions): Record<string, TargetConfiguration> {
  const target = targetMaker(root, options);
  return {
    deploy: target('deploy', { options: { lockTimeout: 30 } }),
    ingest: target('ingest', { options: { formats: ['table', 'parquet'] } }),
    targets: target('targets', { options: { json: true } }),
    validate: target('validate', { options: { reportFile: 'validate.json' } }),
  };
}

/** The targets of a pipeline: `nx run pagila-pipeline:run`. */
export function pipelineTargets(root: string, options: DatakitPluginOptions): Record<string, TargetConfiguration> {
  const target = targetMaker(root, options);
  return {
    run: target('pipeline', { options: { upstream: 'missing' } }),
    targets: target('targets', { options: { json: true } }),
  };
}

type MakeTarget = (operation: Operation, example: Record<string, unknown>) => TargetConfiguration;

function targetMaker(root: string, options: DatakitPluginOptions): MakeTarget {
  const configurations = Object.fromEntries(
    targetNames(options.targets)
      .toSorted()
      .map((name) => [name, {}]),
  );
  return (operation, example) => ({
    executor: executorOf(operation),
    cache: false,
    dependsOn: dependsOn[operation],
    ...(operation === 'targets' ? {} : { configurations }),
    metadata: {
      technologies: ['datakit'],
      description: description[operation],
      help: { command: `datakit ${operation} ${operation === 'targets' ? '' : `${root} `}--help`, example },
    },
  });
}
