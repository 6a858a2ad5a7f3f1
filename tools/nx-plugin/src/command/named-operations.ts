import type { ProjectGraph } from '@nx/devkit';
import { operations, type Operation } from '@datakit/framework/options';
import { executorOf } from '../graph/operation-targets.ts';
import type { NxCommand } from './parse-nx-command.ts';

/** What a command asks of datakits. */
export interface NamedOperations {
  /** Empty where the command names none of our targets. */
  readonly operations: readonly Operation[];
  /** The one project of `nx run`; other commands choose theirs by patterns or by what changed. */
  readonly project?: string;
  /** The target names as typed, ours or not. */
  readonly targets: readonly string[];
  /** What the last part of `project:target:configuration` says; empty text included. */
  readonly configuration?: string;
}

/** Finds out which of our operations a command names, by the executors in the project graph. */
export function namedOperations(command: NxCommand, graph: ProjectGraph): NamedOperations {
  const specified: Specified = command.specifier === undefined ? {} : splitSpecifier(command.specifier, graph);
  const targets = specified.target === undefined ? command.targets : [specified.target, ...command.targets];
  const projects = specified.project === undefined ? command.projects : [specified.project, ...command.projects];
  const named = new Set(targets.flatMap((target) => operationsOf(target, projects, graph)));
  return {
    operations: operations.filter((operation) => named.has(operation)),
    targets,
    ...(command.kind === 'run' && projects.length === 1 && Object.hasOwn(graph.nodes, projects[0] ?? '')
      ? { project: projects[0] as string }
      : {}),
    ...(specified.configuration === undefined ? {} : { configuration: specified.configuration }),
  };
}

/** Names of projects may be patterns, and `nx run deploy` means the folder one is in: then any project counts. */
function operationsOf(target: string, projects: readonly string[], graph: ProjectGraph): Operation[] {
  const known = projects.flatMap((project) => (Object.hasOwn(graph.nodes, project) ? [graph.nodes[project]] : []));
  const nodes = projects.length > 0 && known.length === projects.length ? known : Object.values(graph.nodes);
  const executors = new Set(nodes.map((node) => ownTargets(node)[target]?.executor));
  return operations.filter((operation) => executors.has(executorOf(operation)));
}

/** The targets of a node without what every object inherits: `toString` is a target name that people can type. */
function ownTargets(node: ProjectGraph['nodes'][string] | undefined): Record<string, { executor?: string }> {
  return Object.assign(Object.create(null) as object, node?.data.targets);
}

interface Specified {
  readonly project?: string;
  readonly target?: string;
  readonly configuration?: string;
}

/** The same order as in Nx: the longest project name, then its longest target name; the rest is the configuration. */
function splitSpecifier(specifier: string, graph: ProjectGraph): Specified {
  const parts = specifier.replaceAll('"', '').split(':');
  const project = longestPrefix(parts, (name) => Object.hasOwn(graph.nodes, name));
  const rest = project === undefined ? parts : parts.slice(project.split(':').length);
  // `nx run pipeline` is `nx run pipeline:run`.
  if (project !== undefined && rest.length === 0) return { project, target: 'run' };
  const nodes = project === undefined ? Object.values(graph.nodes) : [graph.nodes[project]];
  const target = longestPrefix(rest, (name) => nodes.some((node) => name in ownTargets(node))) ?? rest[0] ?? '';
  const configuration = rest.slice(target.split(':').length);
  return {
    ...(project === undefined ? {} : { project }),
    target,
    ...(configuration.length === 0 ? {} : { configuration: configuration.join(':') }),
  };
}

function longestPrefix(parts: readonly string[], exists: (name: string) => boolean): string | undefined {
  for (let length = parts.length; length > 0; length--) {
    const name = parts.slice(0, length).join(':');
    if (exists(name)) return name;
  }
  return undefined;
}
