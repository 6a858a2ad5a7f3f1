import type { ProjectGraph } from '@nx/devkit';
import {
  checkOptions,
  checkTargetRequest,
  DatakitError,
  nearestName,
  operations as allOperations,
  suggestName,
  targetNames,
  type OperationOptions,
  type TargetRequest,
} from '@datakit/framework/options';
import type { DatakitPluginOptions } from '../plugin-options.ts';
import type { NamedOperations } from './named-operations.ts';
import type { NxCommand } from './parse-nx-command.ts';

/** What a checked command asks for. */
export interface CheckedCommand {
  readonly target: TargetRequest;
  /** Without those that say where the target is. */
  readonly options: OperationOptions;
}

/**
 * Refuses what Nx would silently run without: unknown configurations, options that it drops, words it ignores.
 *
 * @throws TARGET_UNKNOWN, OPTION_UNKNOWN, OPTION_INVALID or SECRET_IN_ARGS
 */
export function checkCommand(
  command: NxCommand,
  named: NamedOperations,
  { targets: configured }: DatakitPluginOptions,
): CheckedCommand {
  const options = checkOptions(named.operations, command.options);
  const names = [...(named.configuration === undefined ? [] : [named.configuration]), ...command.configurations];
  for (const name of names) checkTargetRequest({ name }, configured);
  if (new Set(names).size > 1 || command.configurations.length > 1) {
    throw invalid(`The command names more than one target: ${names.join(', ')}.`, 'One run has one target: leave one.');
  }
  refuseLeftovers(command, targetNames(configured));
  if (command.kind === 'run' && named.targets.length > 1) {
    throw invalid(
      `"nx run" runs one Nx target, and this names ${named.targets.join(' and ')}.`,
      'A database target is named with -c: nx run project:deploy -c postgres_local.',
    );
  }
  const { url, targetType, host, port, database, user, ...others } = options;
  const request = present({ name: names[0], url, targetType, host, port, database, user });
  checkTargetRequest(request, configured);
  return { target: request, options: others };
}

/**
 * `run-many` and `affected` run nothing for a target name that no project has, and exit 0.
 *
 * @throws OPTION_INVALID for a name close to one of ours, and for a database target given as an Nx target
 */
export function refuseNearMisses(
  named: NamedOperations,
  graph: ProjectGraph,
  databaseTargets: readonly string[],
): void {
  const exists = (target: string) =>
    Object.values(graph.nodes).some((node) => Object.hasOwn(node.data.targets ?? {}, target));
  for (const target of named.targets) {
    if (exists(target) || (allOperations as readonly string[]).includes(target)) continue;
    if (databaseTargets.includes(target)) {
      throw invalid(`"${target}" is a database target, and -t names an Nx target.`, `Write -t deploy -c ${target}.`);
    }
    if (nearestName(target, allOperations) !== undefined) {
      throw invalid(`No project has a target "${target}".`, suggestName(target, allOperations));
    }
  }
}

/** The messages do not repeat what was typed where it can be a secret that went astray. */
function refuseLeftovers(command: NxCommand, databaseTargets: readonly string[]): void {
  for (const letters of command.letters) {
    if (letters.startsWith('-c')) {
      throw invalid('Nx does not read a configuration that is glued to -c.', 'Write -c NAME, with a space.');
    }
    throw new DatakitError({
      code: 'OPTION_UNKNOWN',
      message: `There is no option ${letters.slice(0, 2)}.`,
      hint: 'Options of datakits have long names: --plan. "nx run project:deploy --help" lists them.',
    });
  }
  const [word] = command.words;
  if (word !== undefined) {
    const isTarget = databaseTargets.includes(word);
    throw invalid(
      isTarget ? `Nx would ignore "${word}".` : 'The command holds a word that belongs to no option.',
      isTarget ? `Write -c ${word}.` : 'Write options as --name=value.',
    );
  }
  if (command.dropsOptions) {
    throw invalid('Nx drops the options that stand before "--".', 'Leave out the "--", or put all options after it.');
  }
}

function present(request: { readonly [Name in keyof TargetRequest]: TargetRequest[Name] | undefined }): TargetRequest {
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
}

function invalid(message: string, hint: string): DatakitError {
  return new DatakitError({ code: 'OPTION_INVALID', message, hint });
}
