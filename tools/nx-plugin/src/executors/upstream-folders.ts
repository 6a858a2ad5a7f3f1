import { join } from 'node:path';
import type { ProjectGraph } from '@nx/devkit';
import { DatakitError, type PipelineStage } from '@datakit/framework/options';
import { executorOf } from '../graph/operation-targets.ts';

/**
 * The folders of all datakits that a project builds on, also through libraries in between, each after what it
 * itself builds on.
 *
 * @throws CYCLE when datakits depend on each other in a circle
 */
export function upstreamFolders(project: string, graph: ProjectGraph, workspaceRoot: string): string[] {
  return upstreamProjects(project, graph).map((name) => folderOf(name, graph, workspaceRoot));
}

/** Everything that a project depends on, as the stages of a pipeline. @throws CYCLE */
export function pipelineStages(project: string, graph: ProjectGraph, workspaceRoot: string): PipelineStage[] {
  return upstreamProjects(project, graph).map((name) => ({
    project: name,
    root: folderOf(name, graph, workspaceRoot),
    upstream: upstreamFolders(name, graph, workspaceRoot),
  }));
}

function folderOf(project: string, graph: ProjectGraph, workspaceRoot: string): string {
  return join(workspaceRoot, graph.nodes[project]?.data.root ?? '');
}

function upstreamProjects(project: string, graph: ProjectGraph): string[] {
  const projects: string[] = [];
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) throw circle([...path.slice(path.indexOf(name)), name]);
    if (done.has(name)) return;
    const dependencies = (graph.dependencies[name] ?? []).map(({ target }) => target);
    for (const dependency of dependencies.toSorted()) {
      if (Object.hasOwn(graph.nodes, dependency)) visit(dependency, [...path, name]);
    }
    done.add(name);
    const node = graph.nodes[name];
    if (name !== project && node && isDatakit(node)) projects.push(name);
  };
  visit(project, []);
  return projects;
}

function isDatakit(node: ProjectGraph['nodes'][string]): boolean {
  return Object.values(node.data.targets ?? {}).some(({ executor }) => executor === executorOf('deploy'));
}

function circle(projects: readonly string[]): DatakitError {
  return new DatakitError({
    code: 'CYCLE',
    message: `Projects depend on each other in a circle: ${projects.join(' → ')}.`,
    hint: 'A layer builds on the layer below it; remove the dependency that points back.',
    details: { projects },
  });
}
