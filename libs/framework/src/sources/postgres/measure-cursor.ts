import type { PostgresSession } from '../../engines/postgres/connect.ts';
import { rowsOf, valueIn } from '../../engines/postgres/copy-out.ts';
import { cursorValue, rangeCondition, withoutPlace } from '../../engines/postgres/cursor-range.ts';
import { quote } from '../../engines/postgres/quote.ts';
import type { CursorMeasure } from '../../model/cursor-range.ts';
import type { MeasureRequest } from '../source-connector.ts';

/** Asks for the greatest value as text, so that no digit is lost on the way. */
export async function measureCursor(session: PostgresSession, request: MeasureRequest): Promise<CursorMeasure> {
  const { range, rows } = request;
  const from = rowsOf(request);
  // max() knows no uuid before version 18.
  const inRange = { ...range, nulls: false };
  const value = cursorValue(range);
  const first = `select ${quote(range.column)} from ${from} where ${rangeCondition(inRange)} order by ${value}`;
  const [found] = await session.query<{ greatest: string | null }>(
    `select ${valueIn('text-rows', quote(range.column), range.type)}::text as greatest
     from (${rows === undefined ? `${first} desc limit 1` : `${first} limit ${rows}`}) as datakit_rows
     order by ${value} desc limit 1`,
  );
  const [without] = await session.query<{ nulls: boolean }>(
    `select exists (select from ${from} where ${withoutPlace(range)}) as nulls`,
  );
  return { greatest: found?.greatest ?? undefined, nulls: without?.nulls ?? false };
}
