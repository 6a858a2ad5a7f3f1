import type { ExecutorContext, Task } from '@nx/devkit';
import {
  checkOptions,
  DatakitError,
  predefinedTargets,
  type Operation,
  type OperationOptions,
  type RunRequest,
  type TargetDefinition,
} from '@datakit/framework/options';

/** What reaches a datakit that only runs because another one builds on it: nothing that names or drops its tables. */
const optionsForUpstream = ['plan', 'planDir', 'approve', 'keep', 'lockTimeout', 'concurrency', 'upstream'] as const;

const placeOptions = ['url', 'host', 'port', 'database', 'user'] as const;

/**
 * The request of this run, as the plugin's hook checked it before the first task started.
 *
 * @throws OPTION_INVALID when the hook did not run: the plugin is not in `nx.json`
 */
export function readRunRequest(): RunRequest {
  const text = process.env['DATAKIT_RUN'];
  if (text === undefined || text === '') {
    throw new DatakitError({
      code: 'OPTION_INVALID',
      message: 'The executors of @datakit/nx ran without its plugin, so nothing has checked target and options.',
      hint: 'Add { "plugin": "@datakit/nx/plugin" } to "plugins" in nx.json.',
    });
  }
  return JSON.parse(text) as RunRequest;
}

/**
 * The request as it holds for one task: with what `project.json` says about it, and for a task that the command did
 * not name without the options that are meant for the named ones.
 *
 * @throws TARGET_UNKNOWN when Nx runs the task with another configuration than the command named
 */
export function requestFor(
  task: Task,
  operation: Operation,
  request: RunRequest,
  context: ExecutorContext,
): RunRequest {
  const { project, target: targetName, configuration } = task.target;
  const target = context.projectsConfigurations.projects[project]?.targets?.[targetName];
  if (operation !== 'targets' && configuration !== request.target.name) {
    throw new DatakitError({
      code: 'TARGET_UNKNOWN',
      message: `${project}:${targetName} has no configuration "${request.target.name ?? configuration}".`,
      hint: 'Leave "configurations" and "defaultConfiguration" of datakits to the plugin; nx.json names the targets.',
    });
  }
  const ofProject = checkOptions([operation], { ...target?.options });
  const ofTarget =
    configuration === undefined ? {} : checkOptions([operation], { ...target?.configurations?.[configuration] });
  return {
    ...request,
    ...(configuration === undefined
      ? {}
      : { targets: { ...request.targets, ...moved(configuration, ofTarget, request) } }),
    options: {
      ...withoutPlace(ofProject),
      ...withoutPlace(ofTarget),
      ...(isNamed(task) ? request.options : onlyForUpstream(request.options)),
    },
  };
}

/** Only the tasks that a command names get its options from Nx; where it has none, there is nothing to tell apart. */
function isNamed(task: Task): boolean {
  const { __overrides_unparsed__: typed, ...parsed } = task.overrides as Record<string, unknown>;
  return Array.isArray(typed) ? typed.length > 0 : Object.keys(parsed).length > 0;
}

/**
 * True for a task that is there only because an ingest downstream depends on it: it got that one's options and nothing
 * that was typed (`dependsOn` in `operation-targets.ts`). A task that the command chose never does, whether it is named
 * by a pattern, by `affected` or by nothing at all.
 */
export function isForwarded(task: Task): boolean {
  const { __overrides_unparsed__: typed, ...parsed } = task.overrides as Record<string, unknown>;
  return Object.keys(parsed).length > 0 && Array.isArray(typed) && typed.length === 0;
}

function onlyForUpstream(options: OperationOptions): OperationOptions {
  return Object.fromEntries(
    optionsForUpstream.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
}

function withoutPlace(options: OperationOptions): OperationOptions {
  const isPlace = (name: string) => name === 'targetType' || (placeOptions as readonly string[]).includes(name);
  return Object.fromEntries(Object.entries(options).filter(([name]) => !isPlace(name)));
}

/** A configuration in `project.json` may move a target for one project: another database on the same server. */
function moved(name: string, options: OperationOptions, request: RunRequest): Record<string, TargetDefinition> {
  const place = Object.fromEntries(
    placeOptions.flatMap((option) => (options[option] === undefined ? [] : [[option, options[option]]])),
  );
  if (Object.keys(place).length === 0) return {};
  const known: Record<string, TargetDefinition> = { ...predefinedTargets, ...request.targets };
  return { [name]: { ...known[name], ...place } };
}
