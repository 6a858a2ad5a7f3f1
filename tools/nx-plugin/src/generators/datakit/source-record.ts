import { readJson, type Tree } from '@nx/devkit';
import type { DescribedSource, TableDescription } from '@datakit/framework/scaffold';

/** What a source looked like when a datakit was written from it; kept beside it, so that the next run sees what changed. */
export interface SourceRecord {
  readonly kind: DescribedSource['kind'];
  readonly schema?: string;
  readonly urlVariable: string;
  readonly tables: readonly TableDescription[];
}

export function recordPath(root: string): string {
  return `${root}/source.json`;
}

/** Undefined for a datakit that was not written from a source. */
export function readRecord(tree: Tree, root: string): SourceRecord | undefined {
  return tree.exists(recordPath(root)) ? readJson<SourceRecord>(tree, recordPath(root)) : undefined;
}

/** One column a line, so that version control shows what changed. */
export function recordText({ tables, ...others }: SourceRecord): string {
  return `${JSON.stringify({ ...others, tables }, null, 2)}\n`;
}
