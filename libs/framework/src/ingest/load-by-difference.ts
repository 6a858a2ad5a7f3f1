import type { AppliedDifference, DifferenceRequest } from '../engines/difference.ts';
import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import type { TableName } from '../engines/table-structure.ts';
import { bronzeMetadataColumns } from '../model/bronze-metadata.ts';
import type { ExpectedTable } from '../structure/expected-tables.ts';

/** By what rows differ, and what becomes of those that are not among the new ones. */
export interface DifferenceWay {
  readonly key: readonly string[];
  readonly gone: DifferenceRequest['gone'];
  /** False: rows that are there stay as they are, whatever the new ones say. */
  readonly updates: boolean;
  /** Columns that only new rows get. */
  readonly fixed?: readonly string[];
}

/**
 * Brings a table to the rows that a function writes, by what differs, inside the session's transaction. Rows that are
 * equal stay as they are, metadata columns included: `bronze_load_id` tells which load last changed a row.
 *
 * @param columns those that the rows have
 * @param write fills the stage that it is given
 * @throws BAD_ROWS, TARGET_FAILED where two rows have the same key, or one has none
 */
export async function loadByDifference(
  { structure, maintained }: Pick<ExpectedTable, 'structure' | 'maintained'>,
  columns: readonly string[],
  { key, gone, updates, fixed = [] }: DifferenceWay,
  engine: Engine,
  session: Session,
  write: (stage: TableName) => Promise<void>,
): Promise<AppliedDifference> {
  const says = (column: string): boolean =>
    !(bronzeMetadataColumns as readonly string[]).includes(column) &&
    !key.includes(column) &&
    !fixed.includes(column) &&
    !['system time', 'update time'].includes(maintained.get(column) ?? '');
  const request = { table: structure.table, columns, key, compared: updates ? columns.filter(says) : [], fixed, gone };
  const stage = await engine.difference.stage(session, request);
  await write(stage);
  return await engine.difference.apply(session, stage, request);
}

/** For the report: `2 inserted, 1 updated, 0 deleted`. */
export function inWords({ inserted, updated, deleted, marked }: AppliedDifference): string {
  return `${inserted} inserted, ${updated} updated, ${deleted} deleted${marked > 0 ? `, ${marked} marked as gone` : ''}`;
}
