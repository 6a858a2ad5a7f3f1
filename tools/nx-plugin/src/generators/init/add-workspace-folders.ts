import { readNxJson, type Tree } from '@nx/devkit';

type Manifest = Readonly<Record<string, unknown>>;

/**
 * Datakits import each other by name, so the package manager has to link the folders that they are in.
 *
 * @returns the manifest as it has to be
 */
export function addWorkspaceFolders(tree: Tree, manifest: Manifest): Manifest {
  const { libsDir, appsDir } = readNxJson(tree)?.workspaceLayout ?? {};
  const packages = tree.exists('packages') && !tree.exists('libs');
  const folders = [libsDir ?? (packages ? 'packages' : 'libs'), appsDir ?? (packages ? 'packages' : 'apps')];
  const wanted = [...new Set(folders)].map((folder) => `${folder}/*`);
  if (tree.exists('pnpm-workspace.yaml')) {
    const text = tree.read('pnpm-workspace.yaml', 'utf8') ?? '';
    const missing = wanted.filter(
      (pattern) => !new RegExp(`^\\s*-\\s*['"]?${escape(pattern)}['"]?\\s*$`, 'm').test(text),
    );
    if (missing.length > 0) tree.write('pnpm-workspace.yaml', withPackages(text, missing));
    return manifest;
  }
  const { workspaces } = manifest;
  const listed =
    (Array.isArray(workspaces) ? workspaces : (workspaces as { packages?: string[] } | undefined)?.packages) ?? [];
  const missing = wanted.filter((pattern) => !listed.includes(pattern) && !listed.includes(pattern.replace('*', '**')));
  if (missing.length === 0) return manifest;
  const all = [...(listed as string[]), ...missing];
  return {
    ...manifest,
    workspaces: Array.isArray(workspaces) || workspaces === undefined ? all : { ...workspaces, packages: all },
  };
}

function withPackages(text: string, patterns: readonly string[]): string {
  const lines = patterns.map((pattern) => `  - '${pattern}'\n`).join('');
  if (/^packages:\s*$/m.test(text)) return text.replace(/^packages:[^\S\n]*\n?/m, `packages:\n${lines}`);
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}packages:\n${lines}`;
}

function escape(pattern: string): string {
  return pattern.replaceAll(/[*.]/g, '\\$&');
}
