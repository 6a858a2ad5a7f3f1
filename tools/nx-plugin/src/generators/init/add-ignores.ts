import type { Tree } from '@nx/devkit';

/** Databases and files of runs are no part of the code, and secrets are never committed. */
const ignored = ['.datakit/', '.env', '.env.*', '!.env.example'];

/** Adds what is missing to the files of what is ignored. */
export function addIgnores(tree: Tree): void {
  addLines(tree, '.gitignore', ignored);
  if (tree.exists('.prettierignore')) addLines(tree, '.prettierignore', ['.datakit/']);
}

function addLines(tree: Tree, path: string, wanted: readonly string[]): void {
  const text = tree.exists(path) ? (tree.read(path, 'utf8') ?? '') : '';
  const plain = (line: string): string => line.trim().replaceAll(/^\/|\/$/g, '');
  const there = new Set(text.split('\n').map(plain));
  const missing = wanted.filter((line) => !there.has(plain(line)));
  if (missing.length === 0) return;
  const gap = text === '' || text.endsWith('\n') ? '' : '\n';
  tree.write(path, `${text}${gap}${missing.join('\n')}\n`);
}
