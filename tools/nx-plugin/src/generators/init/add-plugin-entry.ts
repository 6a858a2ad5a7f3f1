import { readNxJson, updateNxJson, type Tree } from '@nx/devkit';

const plugin = '@datakit/nx/plugin';

/** Registers the plugin in `nx.json`, behind those that are there. */
export function addPluginEntry(tree: Tree): void {
  const nxJson = readNxJson(tree) ?? {};
  const plugins = nxJson.plugins ?? [];
  if (plugins.some((entry) => (typeof entry === 'string' ? entry : entry.plugin) === plugin)) return;
  const entry = { plugin, options: { defaultTarget: 'sqlite_file', targets: {} } };
  updateNxJson(tree, { ...nxJson, plugins: [...plugins, entry] });
}
