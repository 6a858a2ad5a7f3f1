import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, parse, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatakitError } from '../../errors/datakit-error.ts';

/** Where the files of a source lie. */
export interface FilePlace {
  /** Nothing outside of this folder is read; without symbolic links. */
  readonly root: string;
  /** `all` of it by the names of tables, one file, or what a glob below it finds. */
  readonly find: { readonly kind: 'all' } | { readonly kind: 'one' | 'glob'; readonly name: string };
}

/**
 * The path in `file:` and a path, or in `file:///…`.
 *
 * @param workspaceRoot where a relative path begins
 * @throws OPTION_INVALID for a URL that names another host, or nothing
 */
export function pathOfUrl(url: string, workspaceRoot: string, what: string): string {
  const invalid = (cause?: unknown): DatakitError =>
    new DatakitError({
      code: 'OPTION_INVALID',
      message: `${what} names no file or folder of this machine.`,
      hint: 'Write file:///absolute/path, or file:relative/path.',
      cause,
    });
  // `${NAME}` in a path may itself be such a URL.
  let path = url.replace(/^(file:)+(?!\/\/)/i, '');
  if (/^file:/i.test(path)) {
    try {
      path = fileURLToPath(path);
    } catch (cause) {
      throw invalid(cause);
    }
  }
  if (path === '' || path.includes('\0')) throw invalid();
  return isAbsolute(path) ? path : resolve(workspaceRoot, path);
}

/** Looks what is there. @throws SOURCE_UNAVAILABLE where nothing is, or it may not be read */
export async function findPlace(path: string): Promise<FilePlace> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' && isGlob(path)) return undefined;
    throw unavailable(path, cause);
  });
  if (found?.isDirectory()) return { root: await realpath(path), find: { kind: 'all' } };
  if (found) return { root: await realpath(dirname(path)), find: { kind: 'one', name: basename(path) } };
  const { root: drive } = parse(path);
  const parts = path.slice(drive.length).split(sep);
  const first = parts.findIndex(isGlob);
  const folder = resolve(drive, ...parts.slice(0, first));
  const root = await realpath(folder).catch((cause: NodeJS.ErrnoException) => {
    throw unavailable(folder, cause);
  });
  return { root, find: { kind: 'glob', name: parts.slice(first).join('/') } };
}

/** True for a path that stands for many. */
function isGlob(path: string): boolean {
  return /[*?[{]/.test(path);
}

function unavailable(path: string, cause: NodeJS.ErrnoException): DatakitError {
  const what = cause.code === 'ENOENT' ? 'is not there' : `cannot be read (${cause.code})`;
  return new DatakitError({
    code: 'SOURCE_UNAVAILABLE',
    message: `${path}, where the files of the source should be, ${what}.`,
    hint: 'Check the path of the source, or give another one with --sourceUrl=file:….',
    details: { path },
    cause,
  });
}
