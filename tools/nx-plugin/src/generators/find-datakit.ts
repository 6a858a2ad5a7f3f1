import { getProjects, readJson, type Tree } from '@nx/devkit';
import { DatakitError } from '@datakit/framework/options';
import { suggestName, type Layer } from '@datakit/framework/scaffold';

/** A datakit of the workspace. */
export interface KnownDatakit {
  readonly name: string;
  readonly root: string;
  readonly layer: Layer;
  /** The name that imports use. */
  readonly packageName: string;
  /** Packages that it needs. */
  readonly dependencies: readonly string[];
}

/** All datakits of the workspace, by the names of their projects. */
export function knownDatakits(tree: Tree): ReadonlyMap<string, KnownDatakit> {
  return new Map(
    [...getProjects(tree)].flatMap(([name, { root }]) => {
      const [marker, manifest] = [`${root}/datakit.json`, `${root}/package.json`];
      if (!tree.exists(marker) || !tree.exists(manifest)) return [];
      const { kind, layer } = readJson<{ kind: string; layer: Layer }>(tree, marker);
      if (kind !== 'datakit') return [];
      const found = readJson<{ name: string; dependencies?: Record<string, string> }>(tree, manifest);
      const dependencies = Object.keys(found.dependencies ?? {});
      return [[name, { name, root, layer, packageName: found.name, dependencies }] as const];
    }),
  );
}

/**
 * Finds a datakit by the name of its project.
 *
 * @throws DATAKIT_UNKNOWN with the nearest name
 */
export function findDatakit(tree: Tree, name: string): KnownDatakit {
  const known = knownDatakits(tree);
  const found = known.get(name);
  if (found) return found;
  throw new DatakitError({
    code: 'DATAKIT_UNKNOWN',
    message: `There is no datakit "${name}" in this workspace.`,
    hint: suggestName(name, [...known.keys()]),
  });
}
