import { getProjects, readJson, readNxJson, type Tree } from '@nx/devkit';
import type { Layer } from '@datakit/framework/scaffold';
import { DatakitError } from '@datakit/framework/options';

/** Where a datakit is or comes to be. */
export interface DatakitPlace {
  /** Its folder, from the root of the workspace. */
  readonly root: string;
  /** It was generated before. */
  readonly isThere: boolean;
}

/**
 * Finds the folder of a datakit.
 *
 * @throws OPTION_INVALID where the name or the folder belongs to something else
 */
export function placeDatakit(
  tree: Tree,
  wanted: { readonly name: string; readonly layer: Layer; readonly directory: string | undefined },
): DatakitPlace {
  const { name, layer, directory } = wanted;
  const known = getProjects(tree).get(name)?.root;
  const root = directory === undefined ? (known ?? `${libsFolder(tree)}/${name}`) : cleanFolder(directory);
  if (known !== undefined && known !== root) {
    throw invalid(`There is a project "${name}" in ${known}.`, 'Choose another name, or leave out --directory.');
  }
  if (!tree.exists(root) || tree.children(root).length === 0) return { root, isThere: false };
  const marker = tree.exists(`${root}/datakit.json`) ? readJson<{ layer?: string }>(tree, `${root}/datakit.json`) : {};
  if (marker.layer === layer && known === root) return { root, isThere: true };
  throw invalid(
    marker.layer === undefined
      ? `The folder ${root} is there already, and is no datakit.`
      : `The folder ${root} holds a datakit of layer ${marker.layer}${known === root ? '' : ' with another name'}.`,
    'Choose another name or --directory; generators overwrite nothing.',
  );
}

function cleanFolder(directory: string): string {
  const folder = directory.replaceAll('\\', '/').replaceAll(/^(\.?\/)+|\/+$/g, '');
  if (folder !== '' && !folder.split('/').includes('..')) return folder;
  throw invalid(
    '--directory is no folder of the workspace.',
    'Give it from the root of the workspace: libs/bronze-orders.',
  );
}

function libsFolder(tree: Tree): string {
  const configured = readNxJson(tree)?.workspaceLayout?.libsDir;
  return configured ?? ['libs', 'packages'].find((folder) => tree.exists(folder)) ?? 'libs';
}

function invalid(message: string, hint: string): DatakitError {
  return new DatakitError({ code: 'OPTION_INVALID', message, hint });
}
