import type { Session } from '../session.ts';
import type { StatementCost } from '../statement-cost.ts';
import type { StructureChange, TablePart } from '../structure-change.ts';
import type { TableName } from '../table-structure.ts';
import { quoteTable } from './quote.ts';

/**
 * What a statement costs a table that is in use; undefined for what nobody can use yet. One writer has the file, and
 * readers go on with what was there before the transaction.
 */
export function costOf(change: StructureChange, part?: TablePart): StatementCost | undefined {
  const writer = { blocks: 'writes', lock: 'the one writer of the file' } as const;
  if (change.kind === 'drop table' || change.kind === 'rename table') return { work: 'none', ...writer };
  if (change.kind !== 'alter table') return undefined;
  // Without a part it is a step of a rebuild.
  if (!part) return { work: 'rewrites', ...writer };
  return { work: part.kind === 'add index' ? 'reads' : 'none', ...writer };
}

/** About how many rows tables have: the greatest row number, which the file finds without counting. */
export async function estimateRows(
  session: Session,
  tables: readonly TableName[],
): Promise<ReadonlyMap<string, number>> {
  const estimates = new Map<string, number>();
  for (const table of tables) {
    const [row] = await session.query<{ estimate: number | bigint | null }>(
      `select max(rowid) as estimate from ${quoteTable(table)}`,
    );
    estimates.set(table.name, Number(row?.estimate ?? 0));
  }
  return estimates;
}
