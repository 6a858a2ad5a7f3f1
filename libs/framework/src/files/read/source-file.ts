import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { DatakitError } from '../../errors/datakit-error.ts';
import type { ReadableFormat } from '../../model/files-source.ts';

/** One file to read. */
export interface SourceFile {
  /** Where it is, without symbolic links. */
  readonly path: string;
  /** Relative to the folder of the source, with slashes: what people and the ledger know it by. */
  readonly name: string;
  readonly format: ReadableFormat;
  readonly compression: 'gzip' | 'zstd' | undefined;
}

const endings: readonly [RegExp, ReadableFormat][] = [
  [/\.(csv|tsv)$/i, 'csv'],
  [/\.(ndjson|jsonl|json)$/i, 'json'],
  [/\.(parquet|pq)$/i, 'parquet'],
];

/** What a file's name says: the table it holds rows of, its format and how it is compressed; undefined for other files. */
export function readFileName(
  name: string,
):
  | { readonly table: string; readonly format: ReadableFormat; readonly compression: SourceFile['compression'] }
  | undefined {
  const compressed = /\.(gz|zst|zstd)$/i.exec(name);
  const compression = compressed ? (compressed[1]?.toLowerCase() === 'gz' ? 'gzip' : 'zstd') : undefined;
  const plain = compressed ? name.slice(0, compressed.index) : name;
  for (const [ending, format] of endings) {
    const found = ending.exec(plain);
    if (found && found.index > 0) return { table: plain.slice(0, found.index), format, compression };
  }
  return undefined;
}

/** What tells a file from the one that it was a moment ago. */
export interface FileStamp {
  readonly size: bigint;
  readonly modified: bigint;
  readonly inode: bigint;
}

/** The stamp of a file's state. */
export function stampOf({ size, mtimeNs, ino }: BigIntStats): FileStamp {
  return { size, modified: mtimeNs, inode: ino };
}

/** @throws SOURCE_CHANGED where the file that lies there now is not the one of the stamp */
export async function requireUnchanged(file: SourceFile, before: FileStamp): Promise<void> {
  const now = await stat(file.path, { bigint: true }).then(stampOf, () => undefined);
  if (!now || !isSameFile(now, before)) throw changed(file);
}

export function isSameFile(one: FileStamp, other: FileStamp): boolean {
  return one.size === other.size && one.modified === other.modified && one.inode === other.inode;
}

export function changed({ name }: SourceFile): DatakitError {
  return new DatakitError({
    code: 'SOURCE_CHANGED',
    message: `The file ${name} changed while it was read; nothing of it was published.`,
    hint: 'Run again when it is written; writers that write aside and rename are never seen in the middle.',
    details: { file: name },
    retryable: true,
  });
}

export function changedSinceLoad({ name }: SourceFile): DatakitError {
  return new DatakitError({
    code: 'SOURCE_CHANGED',
    message: `The file ${name} was loaded, and has another content now; nothing was loaded.`,
    hint: 'Give new rows a file of their own, or read everything anew with --fullRefresh; the disposition merge reads changed files again.',
    details: { file: name },
  });
}

/** @param what in words, after the name: `is not gzip` */
export function unreadable({ name }: SourceFile, what: string, hint: string, cause?: unknown): DatakitError {
  return new DatakitError({
    code: 'SOURCE_UNREADABLE',
    message: `The file ${name} ${what}.`,
    hint,
    details: { file: name },
    cause,
  });
}
