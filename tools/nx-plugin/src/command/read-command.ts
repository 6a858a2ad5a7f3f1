import type { ProjectGraph } from '@nx/devkit';
import { v7 as uuidV7 } from 'uuid';
import { DatakitError, targetNames, type Operation, type RunRequest } from '@datakit/framework/options';
import type { DatakitPluginOptions } from '../plugin-options.ts';
import { checkCommand, refuseNearMisses, type CheckedCommand } from './check-command.ts';
import { namedOperations, type NamedOperations } from './named-operations.ts';
import { parseNxCommand, type NxCommand } from './parse-nx-command.ts';

/** What the hook puts into the environment of every task. */
export interface ReadCommand {
  readonly request: RunRequest;
  /** The value for `NX_BATCH_MODE`; absent where Nx and its user decide. */
  readonly batchMode?: 'false' | '';
}

/**
 * Reads target and options of one command.
 *
 * @param argv the raw `process.argv` of the nx process
 * @throws TARGET_UNKNOWN, OPTION_UNKNOWN, OPTION_INVALID or SECRET_IN_ARGS, where the command names one of our targets
 */
export function readCommand(
  argv: readonly string[],
  workspaceRoot: string,
  graph: ProjectGraph,
  plugin: DatakitPluginOptions,
): ReadCommand {
  const command = parseNxCommand(argv);
  const named = namedOperations(command, graph);
  if (command.kind !== 'run') refuseNearMisses(named, graph, targetNames(plugin.targets));
  const isOurs = named.operations.length > 0;
  const request: RunRequest = {
    runId: uuidV7(),
    workspaceRoot,
    ...(isOurs ? checkCommand(command, named, plugin) : inherited(command, named, plugin)),
    targets: plugin.targets ?? {},
    isShared: true,
    ...(isOurs ? {} : { isForOthers: true }),
    ...(isOurs && named.project !== undefined ? { project: named.project } : {}),
    ...(plugin.defaultTarget === undefined ? {} : { defaultTarget: plugin.defaultTarget }),
  };
  return { request, ...(isOurs ? batching(command, named.operations) : {}) };
}

/** What reaches our tasks when they only run because another project's target depends on them: its configuration. */
function inherited(command: NxCommand, named: NamedOperations, plugin: DatakitPluginOptions): CheckedCommand {
  const name = command.configurations[0] ?? named.configuration;
  return { target: name !== undefined && targetNames(plugin.targets).includes(name) ? { name } : {}, options: {} };
}

/** A batch is one process for all projects but has no terminal; one project is better served by a terminal. */
function batching(command: NxCommand, operations: readonly Operation[]): Pick<ReadCommand, 'batchMode'> {
  if (command.kind === 'run') return command.batch === true ? {} : { batchMode: 'false' };
  const isOrdered = operations.includes('validate') && (operations.includes('deploy') || operations.includes('ingest'));
  if (!isOrdered) return {};
  if (command.batch !== false) return { batchMode: '' };
  throw new DatakitError({
    code: 'OPTION_INVALID',
    message: 'Without batches Nx would run validate beside deploy and ingest, not after them.',
    hint: 'Leave out --batch=false, or run validate in a second command.',
  });
}
