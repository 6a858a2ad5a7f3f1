import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Tree } from '@nx/devkit';

/** Contents by path from the root of the workspace. */
export type Files = Readonly<Record<string, string>>;

/** Writes files in the style of the workspace; what is the same already is not touched. */
export async function writeFiles(tree: Tree, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const formatted = await formatText(tree.root, path, text);
    if (tree.read(path, 'utf8') !== formatted) tree.write(path, formatted);
  }
}

type Prettier = typeof import('prettier');

/** As Prettier has it, where the workspace uses it. */
export async function formatText(workspaceRoot: string, path: string, text: string): Promise<string> {
  const prettier = await loadPrettier(workspaceRoot);
  if (!prettier) return text;
  const filepath = join(workspaceRoot, path);
  const config = await prettier.resolveConfig(filepath, { editorconfig: true });
  return prettier.format(text, { ...config, filepath });
}

async function loadPrettier(workspaceRoot: string): Promise<Prettier | undefined> {
  try {
    const path = createRequire(join(workspaceRoot, 'package.json')).resolve('prettier');
    const module = (await import(pathToFileURL(path).href)) as Prettier & { default?: Prettier };
    return module.default ?? module;
  } catch {
    return undefined;
  }
}
