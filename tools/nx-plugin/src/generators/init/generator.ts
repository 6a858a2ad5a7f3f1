import { installPackagesTask, readJson, type GeneratorCallback, type Tree } from '@nx/devkit';
import { withoutStackTrace } from '../../without-stack.ts';
import { json } from '../project-files.ts';
import { tell } from '../tell.ts';
import { writeFiles } from '../write-files.ts';
import { addLayerRules } from './add-layer-rules.ts';
import { addPluginEntry } from './add-plugin-entry.ts';
import { addIgnores } from './add-ignores.ts';
import { addWorkspaceFolders } from './add-workspace-folders.ts';
import { ciFile, type CiSystem } from './ci-file.ts';
import { neededPackages } from './needed-packages.ts';

/** What `nx g @datakit/nx:init` takes. */
export interface InitGeneratorOptions {
  readonly ci?: CiSystem | 'none';
  readonly skipInstall?: boolean;
}

/**
 * Sets up a workspace: the plugin in `nx.json`, the packages that datakits need, folders that the package manager links,
 * what version control ignores, which layer may build on which, and a job for CI. What is there stays as it is.
 */
export default function initGenerator(
  tree: Tree,
  options: InitGeneratorOptions,
): Promise<GeneratorCallback | undefined> {
  return withoutStackTrace(async () => {
    const before = tree.read('package.json', 'utf8');
    addPluginEntry(tree);
    const manifest = readJson<Record<string, unknown>>(tree, 'package.json');
    const changed = neededPackages(addWorkspaceFolders(tree, manifest));
    if (JSON.stringify(changed) !== JSON.stringify(manifest)) await writeFiles(tree, { 'package.json': json(changed) });
    addIgnores(tree);
    await addLayerRules(tree);
    const ci = options.ci ?? ciOf(tree);
    const file = ci === 'none' ? undefined : ciFile(tree, ci);
    if (file && !tree.exists(file.path)) {
      tree.write(file.path, file.text);
      if (file.hint) tell(file.hint);
    }
    tell("Go on with: npx nx g @datakit/nx:datakit bronze-shop --from='${SHOP_URL}'");
    const isChanged = tree.read('package.json', 'utf8') !== before;
    return isChanged && !options.skipInstall ? () => installPackagesTask(tree) : undefined;
  });
}

/** The one that the workspace has; GitHub where it has none. */
function ciOf(tree: Tree): CiSystem {
  return tree.exists('.gitlab-ci.yml') && !tree.exists('.github') ? 'gitlab' : 'github';
}
