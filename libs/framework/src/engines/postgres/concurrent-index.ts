import type { EngineStatement } from '../engine.ts';
import type { Session } from '../session.ts';
import type { Alteration } from '../structure-change.ts';
import type { IndexStructure, TableName } from '../table-structure.ts';
import { quoteTable } from './quote.ts';

/**
 * From this size on an index is built without keeping writers waiting, which takes two scans instead of one and waits
 * for every transaction that is open. A scan of 64 MB takes less than a second, which writers can wait.
 */
export const bigTableBytes = 64 * 1024 * 1024;

/** The size of its file, not the `relpages` of the last analyze, which is 0 for a table that was just filled. */
export async function isBigTable(session: Session, table: TableName): Promise<boolean> {
  const [row] = await session.query<{ big: boolean | null }>('select pg_relation_size(to_regclass(?)) >= ? as big', [
    quoteTable(table),
    bigTableBytes,
  ]);
  return row?.big ?? false;
}

/**
 * How an index is built beside those who write; undefined where it is not to be: while a unique index is exchanged for
 * another one, nothing would keep the rows unique.
 * @see https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
 */
export function builtConcurrently(
  { parts }: Alteration,
  index: IndexStructure,
  create: (concurrently: boolean) => string,
): EngineStatement['standalone'] {
  const replaced = parts.find((part) => part.kind === 'drop index' && part.index.name === index.name);
  const exchanges = replaced?.kind === 'drop index' && !replaced.index.invalid;
  if (index.unique && exchanges) return undefined;
  return { sql: create(true), cost: { work: 'reads', blocks: 'nothing', lock: 'share update exclusive' } };
}
