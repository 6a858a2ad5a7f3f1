import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Tree } from '@nx/devkit';
import type Ts from 'typescript';
import { DatakitError } from '@datakit/framework/options';
import { formatText, type Files } from '../write-files.ts';
import { mergeCode } from './merge-code.ts';

/** Generated files before and now. */
export interface GeneratedFiles {
  readonly base: Files;
  readonly wanted: Files;
}

/** Something that the source changed and somebody changed by hand; it stays as it was written. */
export interface Conflict {
  readonly path: string;
  readonly what: string;
}

/** Writes what changed, and touches nothing that somebody wrote. */
export async function mergeFiles(tree: Tree, { base, wanted }: GeneratedFiles): Promise<{ conflicts: Conflict[] }> {
  const conflicts: Conflict[] = [];
  const format = (path: string, text: string): Promise<string> => formatText(tree.root, path, text);
  for (const path of new Set([...Object.keys(base), ...Object.keys(wanted)])) {
    const [before, after] = [base[path], wanted[path]];
    const current = tree.exists(path) ? (tree.read(path, 'utf8') ?? '') : undefined;
    const was = before === undefined ? undefined : await format(path, before);
    const is = after === undefined ? undefined : await format(path, after);
    if (current === is || was === is) continue;
    if (current === was) {
      if (is === undefined) tree.delete(path);
      else tree.write(path, is);
    } else if (current === undefined || was === undefined || is === undefined) {
      conflicts.push({
        path,
        what: current === undefined ? 'it was removed' : is === undefined ? 'its table is gone' : 'it was there before',
      });
    } else {
      const merged = mergeCode(was, is, current, await loadTypeScript(tree.root));
      const text = await format(path, merged.text);
      if (text !== current) tree.write(path, text);
      conflicts.push(...merged.conflicts.map((what) => ({ path, what })));
    }
  }
  return { conflicts };
}

/** That of the workspace, else the one beside this plugin. */
export async function loadTypeScript(workspaceRoot: string): Promise<typeof Ts> {
  for (const place of [join(workspaceRoot, 'package.json'), import.meta.url]) {
    try {
      const path = createRequire(place).resolve('typescript');
      const module = (await import(pathToFileURL(path).href)) as typeof Ts & { default?: typeof Ts };
      return module.default ?? module;
    } catch {
      continue;
    }
  }
  throw new DatakitError({
    code: 'RUNTIME',
    message: 'This generator changes TypeScript files, and the workspace has no TypeScript.',
    hint: 'Install it: npm install --save-dev typescript',
  });
}
