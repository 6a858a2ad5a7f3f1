import { join } from 'node:path';
import type { ProjectGraph } from '@nx/devkit';
import { DatakitError } from '@datakit/framework/options';
import { executorOf } from '../graph/operation-targets.ts';

/**
 * The folders of all datakits that a project builds on, also through libraries in between, each after what it
 * itself builds on.
 *
 * @throws CYCLE when datakits depend on each other in a circle
 */
export function upstreamFolders(project: string, graph: ProjectGraph, workspaceRoot: string): string[] {
  const folders: string[] = [];
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
    if (name !== project && node && isDatakit(node)) folders.push(join(workspaceRoot, node.data.root));
  };
  visit(project, []);
  return folders;
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
