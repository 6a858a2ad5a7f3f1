import { DatakitError } from '../errors/datakit-error.ts';
import type { ColumnType } from '../model/column-type.ts';
import { goBack } from '../model/cursor-lag.ts';
import type { CursorBound, CursorMeasure, CursorRange } from '../model/cursor-range.ts';
import type { CursorState } from '../ledger/cursors.ts';
import type { ExpectedCursor } from '../structure/expected-load.ts';
import type { LoadContext } from './load-context.ts';
import type { LoadPlan } from './load-plan.ts';
import type { TableContract } from './source-contract.ts';

/** Which rows one load reads, and how far it then came. */
export interface LoadWindow {
  /** Undefined: all rows. */
  readonly range: CursorRange | undefined;
  /** The greatest cursor value of the rows that are read; undefined where there is none. */
  readonly reached: string | undefined;
  /** More rows follow, for the next batch. */
  readonly hasMore: boolean;
}

/**
 * Fixes which rows are read, inside of the source's snapshot. A window is closed at both ends: it begins at the greatest
 * value of the last load, less the lag, with that very value, and ends at the greatest value that the snapshot shows.
 * Neighbouring windows share their boundary, so no row of that value is lost, however many came after the last load;
 * rows that are read twice are known again by their key, so none is doubled: `merge` changes them, `append` leaves them.
 *
 * @param last how far the last load came; undefined: read from the beginning
 * @param after the end of the batch before, in the same snapshot: nothing of that value is left
 * @throws BAD_ROWS for rows without a cursor value, where the table does not say what to do with them
 */
export async function openWindow(
  contract: TableContract,
  plan: LoadPlan,
  context: LoadContext,
  last: CursorState | undefined,
  after: string | undefined,
): Promise<LoadWindow> {
  const { cursor, backfill } = plan;
  if (!cursor) return { range: undefined, reached: undefined, hasMore: false };
  const measure = measureOf(contract, plan, context);
  const from = ((): CursorBound | undefined => {
    if (after !== undefined) return { value: after, inclusive: false };
    if (backfill) return backfill.from === undefined ? undefined : { value: backfill.from, inclusive: true };
    if (plan.mode === 'full_snapshot' || last === undefined) return undefined;
    const value = cursor.lag ? goBack(last.value, cursor.type, cursor.lag) : last.value;
    return value === undefined ? undefined : { value, inclusive: true };
  })();
  const column = sourceColumn(contract, cursor);
  const range = {
    column,
    type: cursor.type,
    ...(from ? { from } : {}),
    ...(backfill?.to === undefined ? {} : { to: { value: backfill.to, inclusive: false } }),
    // The rows without a value belong to no batch; they come with the first one.
    nulls: cursor.nulls === 'load' && after === undefined,
  };
  const all = await measure(range);
  if (all === undefined) return { range: undefined, reached: undefined, hasMore: false };
  if (all.nulls && cursor.nulls === 'error') throw noPlace(contract, cursor);
  const isWhole = plan.mode === 'full_snapshot' && cursor.nulls !== 'skip';
  if (plan.mode === 'full_snapshot' || cursor.batchRows === undefined || all.greatest === undefined) {
    // Rows of the snapshot are behind none that it shows, so the upper end need not be said where all are read.
    if (isWhole) return { range: undefined, reached: all.greatest, hasMore: false };
    const to = all.greatest === undefined ? {} : { to: range.to ?? { value: all.greatest, inclusive: true } };
    return { range: { ...range, ...to }, reached: all.greatest, hasMore: false };
  }
  const batch = (await measure(range, cursor.batchRows))?.greatest ?? all.greatest;
  return {
    range: { ...range, to: { value: batch, inclusive: true } },
    reached: batch,
    hasMore: batch !== all.greatest,
  };
}

/** What the source calls the cursor. @throws CONTRACT where the source does not have it */
export function sourceColumn({ columns, sourceTable }: TableContract, { column }: ExpectedCursor): string {
  const found = columns.find(({ name }) => name === column);
  if (found) return found.from;
  throw new DatakitError({
    code: 'CONTRACT',
    message: `The cursor ${column} is not a column of ${sourceTable} in the source.`,
    hint: 'Take a column that the source has.',
  });
}

/** Values of one kind compare with each other, whatever the column's size. */
export function kindOf({ kind }: ColumnType): string {
  if (['smallint', 'integer', 'bigint', 'numeric'].includes(kind)) return 'number';
  return kind === 'varchar' ? 'text' : kind;
}

function measureOf(
  contract: TableContract,
  plan: LoadPlan,
  { snapshot, sourceSchema }: LoadContext,
): (range: CursorRange, rows?: number) => Promise<CursorMeasure | undefined> {
  const { measure } = snapshot;
  if (measure) {
    return (range, rows) =>
      measure.call(snapshot, {
        schema: sourceSchema,
        table: contract.sourceTable,
        ...(contract.query === undefined ? {} : { query: contract.query }),
        range,
        ...(rows === undefined ? {} : { rows }),
      });
  }
  // A source that cannot read by ranges can still be read as a whole; how far that came stays unknown.
  if (plan.mode === 'full_snapshot' && plan.cursor?.nulls !== 'skip') return async () => undefined;
  throw new DatakitError({
    code: 'OPTION_INVALID',
    message: `The source of "${contract.table.name}" cannot be read by ranges of a cursor.`,
    hint: 'Read it with --mode=full_snapshot.',
  });
}

function noPlace({ sourceTable }: TableContract, { column }: ExpectedCursor): DatakitError {
  return new DatakitError({
    code: 'BAD_ROWS',
    message: `${sourceTable} has rows whose cursor ${column} is null or infinite; nothing was loaded.`,
    hint: 'Say what to do with them: cursor: { nulls: "skip" } leaves them out, "load" reads them with every load.',
    details: { table: sourceTable, column },
  });
}
