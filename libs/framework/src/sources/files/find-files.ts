import { glob, readdir, realpath, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, sep } from 'node:path';
import { DatakitError } from '../../errors/datakit-error.ts';
import { readFileName, type SourceFile } from '../../files/read/source-file.ts';
import type { ReadableFormat } from '../../model/files-source.ts';
import type { TableFiles } from '../source-kind.ts';
import type { FilePlace } from './file-place.ts';

/** What decides which files belong to which table. */
export interface FileRules {
  /** Format of every file that is named; by default its ending says. */
  readonly format: ReadableFormat | undefined;
  /** What tables say themselves. */
  readonly tables: ReadonlyMap<string, TableFiles>;
}

/**
 * Names the tables of a place and the files of each, which are not opened, ordered by name. Files whose names say
 * nothing to us are none, and neither are hidden ones.
 */
export async function findTables(place: FilePlace, rules: FileRules): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  const add = (table: string, name: string): void => void found.set(table, [...(found.get(table) ?? []), name]);
  for (const { name, leadsOut } of await namesIn(place)) {
    const says = readFileName(basename(name));
    const [folder, ...below] = name.split('/');
    // Whoever reads that table is told; for the others the folder does not matter.
    if (leadsOut) {
      add(folder as string, name);
      continue;
    }
    const isNamed = place.find.kind !== 'all';
    if (!says && !(isNamed && rules.format)) continue;
    if (!isNamed && rules.format && says?.format !== rules.format) continue;
    add(below.length > 0 ? (folder as string) : (says?.table ?? name.replace(/\.[^.]*$/, '')), name);
  }
  for (const [table, { files }] of rules.tables) {
    if (files !== undefined) found.set(table, await namesOfGlob(place.root, files, table));
  }
  for (const names of found.values()) names.sort();
  return found;
}

/** A table's files with what their names say. @throws SOURCE_UNREADABLE for a link out of the folder, CONTRACT for two formats */
export async function resolveFiles(
  { root }: FilePlace,
  table: string,
  names: readonly string[],
  rules: FileRules,
): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for (const name of names) {
    const path = await realpath(join(root, name)).catch((cause: NodeJS.ErrnoException) => {
      throw outside(name, `cannot be read (${cause.code})`, cause);
    });
    // The real path, not the written one: a link in the middle of it leads out, too.
    if (!isInside(root, path)) {
      throw outside(name, 'lies outside of the folder of the source, where a symbolic link leads');
    }
    if (!(await stat(path)).isFile()) throw outside(name, 'is no regular file');
    const says = readFileName(basename(name));
    const compression =
      says?.compression ?? (/\.gz$/i.test(name) ? 'gzip' : /\.zstd?$/i.test(name) ? 'zstd' : undefined);
    const format = rules.format ?? says?.format;
    if (!format) throw unknownFormat(table, name);
    files.push({ path, name, format, compression });
  }
  const formats = [...new Set(files.map(({ format }) => format))];
  if (formats.length > 1) {
    throw new DatakitError({
      code: 'CONTRACT',
      message: `The table "${table}" is there in several formats (${formats.join(', ')}), and each may hold the same rows; nothing was loaded.`,
      hint: 'Say which to take: format in filesSource({ … }), or source: { files: "…" } in its table().',
      details: { table, formats },
    });
  }
  return files;
}

/** A path below the root; a link to a folder outside of it stands for what is in there. */
interface FoundName {
  readonly name: string;
  readonly leadsOut?: boolean;
}

async function namesIn({ root, find }: FilePlace): Promise<FoundName[]> {
  switch (find.kind) {
    case 'one':
      return [{ name: find.name }];
    case 'glob':
      return (await namesOfGlob(root, find.name)).map((name) => ({ name }));
    case 'all':
      return namesBelow(root, '');
  }
}

/** Hidden files are left out. A link to a folder is gone into where it leads to one of ours, once. */
async function namesBelow(root: string, folder: string, seen: ReadonlySet<string> = new Set()): Promise<FoundName[]> {
  const names: FoundName[] = [];
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue;
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) names.push(...(await namesBelow(root, name, seen)));
    else if (!entry.isSymbolicLink()) names.push({ name });
    else {
      const path = await realpath(join(root, name)).catch(() => undefined);
      const isFolder = path !== undefined && (await stat(path)).isDirectory();
      if (!isFolder) names.push({ name });
      else if (!isInside(root, path)) names.push({ name, leadsOut: true });
      else if (!seen.has(path)) names.push(...(await namesBelow(root, name, new Set([...seen, path]))));
    }
  }
  return names;
}

/** @param table that says so, for the message */
async function namesOfGlob(root: string, pattern: string, table?: string): Promise<string[]> {
  if (isAbsolute(pattern) || pattern.split(/[\\/]/).includes('..')) {
    throw new DatakitError({
      code: 'DATAKIT_INVALID',
      message: `The files "${pattern}" of the table "${table ?? ''}" are not below the folder of the source.`,
      hint: 'Write a path or a glob relative to that folder, without "..".',
    });
  }
  const names: string[] = [];
  for await (const entry of glob(pattern, { cwd: root, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const name = relative(root, join(entry.parentPath, entry.name)).split(sep).join('/');
    if (!name.split('/').some((part) => part.startsWith('.'))) names.push(name);
  }
  return [...new Set(names)];
}

function isInside(root: string, path: string): boolean {
  const from = relative(root, path);
  return from !== '..' && !from.startsWith(`..${sep}`) && !isAbsolute(from);
}

function outside(name: string, what: string, cause?: unknown): DatakitError {
  return new DatakitError({
    code: 'SOURCE_UNREADABLE',
    message: `The file ${name} ${what}; nothing was loaded.`,
    hint: 'Put the file itself into the folder, or let the source begin at a folder that holds both.',
    details: { file: name },
    cause,
  });
}

function unknownFormat(table: string, name: string): DatakitError {
  return new DatakitError({
    code: 'SOURCE_UNREADABLE',
    message: `The file ${name} of the table "${table}" does not say by its name what it is; nothing was loaded.`,
    hint: 'Say it in filesSource({ format: "csv" }), or name it .csv, .tsv, .ndjson, .jsonl, .json or .parquet.',
    details: { file: name },
  });
}
