import { portableConstant } from '../checks/constants.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { formatColumnType } from '../model/column-type.ts';
import type { Disposition, LoadMode } from '../model/load-options.ts';
import type { ExpectedCursor, ExpectedLoad } from '../structure/expected-load.ts';
import type { ExpectedTable } from '../structure/expected-tables.ts';
import type { IngestOptions } from './ingest-request.ts';

/** What a run does with one table: what the table declares, and what the command says instead. */
export interface LoadPlan {
  readonly mode: LoadMode;
  readonly disposition: Disposition;
  readonly key: readonly string[];
  readonly gone: ExpectedLoad['gone'];
  readonly cursor: ExpectedCursor | undefined;
  /** The source is files: an incremental load reads those that were not loaded yet. */
  readonly byFiles: boolean;
  /** Only rows between these values, in portable form, `from` with its own and `to` without; the state stays as it is. */
  readonly backfill: { readonly from?: string; readonly to?: string } | undefined;
  /** Forgets how far the last load came. */
  readonly refresh: boolean;
}

type Wishes = Pick<IngestOptions, 'mode' | 'disposition' | 'from' | 'to' | 'fullRefresh'>;

/**
 * Decides how each table is loaded. Incremental runs load tables without a cursor as full snapshots.
 * @throws OPTION_INVALID for wishes that exclude each other, or that a table cannot fulfil
 */
export function planLoads(
  tables: readonly ExpectedTable[],
  wishes: Wishes,
  byFiles = false,
): Map<ExpectedTable, LoadPlan> {
  refuseContradictions(wishes);
  const isBackfill = wishes.from !== undefined || wishes.to !== undefined;
  const without = tables.filter(({ load }) => load.cursor === undefined).map(({ name }) => name);
  if (isBackfill && without.length > 0) {
    throw invalid(
      `--from and --to mean values of a cursor, and ${without.join(', ')} ${without.length > 1 ? 'have' : 'has'} none.`,
      'Name the tables with --tables, or give them a cursor: table(X, { load: { disposition: "merge", cursor: { column } } }).',
    );
  }
  const grows = ({ load }: ExpectedTable): boolean => (wishes.disposition ?? load.disposition) !== 'replace';
  if (wishes.mode === 'incremental' && byFiles && !tables.some(grows)) {
    throw invalid(
      '--mode=incremental reads the files that were not loaded yet, and every table would be replaced by their rows.',
      'Declare table(X, { load: { disposition: "append" } }) or "merge", or take --mode=full_snapshot.',
    );
  }
  if (wishes.mode === 'incremental' && !byFiles && without.length === tables.length) {
    throw invalid(
      `--mode=incremental needs a cursor, and no table has one (${without.join(', ')}).`,
      'Declare it: table(X, { load: { disposition: "merge", cursor: { column } } }), or take --mode=full_snapshot.',
    );
  }
  return new Map(tables.map((table) => [table, planLoad(table, wishes, isBackfill, byFiles)]));
}

function planLoad(
  { name, load, structure }: ExpectedTable,
  wishes: Wishes,
  isBackfill: boolean,
  byFiles: boolean,
): LoadPlan {
  const { cursor } = load;
  const refresh = wishes.fullRefresh === true;
  const disposition = refresh ? 'replace' : (wishes.disposition ?? load.disposition);
  const canGrow = byFiles ? disposition !== 'replace' : cursor !== undefined;
  const mode = canGrow && !refresh && (isBackfill || wishes.mode === 'incremental') ? 'incremental' : 'full_snapshot';
  const key = load.key.length > 0 ? load.key : structure.primaryKey;
  if (mode === 'incremental' && disposition === 'replace') {
    throw invalid(
      `--disposition=replace cannot be incremental: a part of the rows of "${name}" would take the place of all.`,
      'Take merge or append, or --mode=full_snapshot.',
    );
  }
  if (key.length === 0 && (disposition === 'merge' || (mode === 'incremental' && !byFiles))) {
    throw invalid(
      `"${name}" has no key, and ${disposition === 'merge' ? 'merge' : 'an incremental load'} knows rows again by one.`,
      'Add load: { key: […] } to its table().',
    );
  }
  const backfill =
    cursor && isBackfill ? { ...bound('from', cursor, wishes), ...bound('to', cursor, wishes) } : undefined;
  return { mode, disposition, key, gone: load.gone, cursor: byFiles ? undefined : cursor, byFiles, backfill, refresh };
}

function refuseContradictions({ mode, disposition, from, to, fullRefresh }: Wishes): void {
  const isBackfill = from !== undefined || to !== undefined;
  if (isBackfill && mode === 'full_snapshot') {
    throw invalid('--from and --to read a part of the rows, and --mode=full_snapshot all of them.', 'Leave one out.');
  }
  if (fullRefresh && (isBackfill || disposition !== undefined)) {
    throw invalid(
      '--fullRefresh reads everything and replaces the rows; --from, --to and --disposition say otherwise.',
      'Leave one out.',
    );
  }
}

function bound(which: 'from' | 'to', { column, type }: ExpectedCursor, wishes: Wishes): { from?: string; to?: string } {
  const written = wishes[which];
  if (written === undefined) return {};
  const value = portableConstant(written, type);
  const isWhole = type.kind === 'numeric' || !value?.includes('.');
  if (value !== undefined && (isWhole || !['smallint', 'integer', 'bigint'].includes(type.kind))) {
    return { [which]: value };
  }
  throw invalid(
    `--${which} is no ${formatColumnType(type)}, which the cursor ${column} is.`,
    'Write times as 2024-02-29, 2024-02-29T23:59:59.123456Z (UTC where no zone is said), numbers as 42 or 12.50.',
  );
}

function invalid(message: string, hint: string): DatakitError {
  return new DatakitError({ code: 'OPTION_INVALID', message, hint });
}
