import { readNxJson, updateNxJson, type Tree } from '@nx/devkit';
import type { DatakitPluginOptions } from '../../plugin-options.ts';

const plugin = '@datakit/nx/plugin';

/** Names the default target in `nx.json`, so that what a bare `deploy` does is read there. */
export default function nameDefaultTarget(tree: Tree): void {
  const nxJson = readNxJson(tree);
  if (!nxJson?.plugins) return;
  const plugins = nxJson.plugins.map((entry) => {
    const { plugin: name, options, ...others } = typeof entry === 'string' ? { plugin: entry } : entry;
    const given = options as DatakitPluginOptions | undefined;
    if (name !== plugin || given?.defaultTarget !== undefined) return entry;
    return { plugin: name, ...others, options: { defaultTarget: 'sqlite_file', ...given } };
  });
  if (JSON.stringify(plugins) !== JSON.stringify(nxJson.plugins)) updateNxJson(tree, { ...nxJson, plugins });
}
