import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import type { IncrementalWay } from '../model/build.ts';
import { parseTimeSpan } from '../model/time-span.ts';
import type { ExpectedTable } from '../structure/expected-tables.ts';

/**
 * The value from which on rows are new to an incremental build, as a literal: the greatest of the table less the lag.
 * @returns undefined where all rows are new
 */
export async function newestValue(
  table: ExpectedTable,
  { newBy, range, lag }: IncrementalWay,
  engine: Engine,
  session: Session,
): Promise<string | undefined> {
  const grown = newBy ?? range;
  if (grown === undefined) return undefined;
  const invalid = (problem: string, hint: string): DatakitError =>
    new DatakitError({ code: 'DATAKIT_INVALID', message: `The build of "${table.name}" ${problem}.`, hint });
  const column = table.columns.find(({ name }) => name === grown);
  if (!column) throw invalid(`is new by "${grown}", which is no column of it`, 'Name a column of the table.');
  if (range !== undefined && column.nullable)
    throw invalid(
      `has the range "${grown}", which may be null`,
      'A row without a value lies in no range: declare the column as not null.',
    );
  const { kind } = column.type;
  const isNumber = ['smallint', 'integer', 'bigint'].includes(kind);
  const isTime = ['date', 'timestamp', 'timestamptz'].includes(kind);
  if (!isNumber && !isTime)
    throw invalid(`is new by "${grown}", which does not grow`, 'Name a date, an instant or a whole number.');
  const lagMs = lag === undefined ? 0 : parseTimeSpan(lag);
  if (lagMs === undefined || (lag !== undefined && !isTime)) {
    throw invalid(`has the lag "${lag}"`, 'Write it as "5 minutes" or "3 days", for a date or an instant.');
  }
  const quoted = engine.quote(grown);
  const text = engine.valueConditions.text(`max(${quoted})`);
  const [row] = await session.query<{ newest: string | null }>(
    `select ${text} as newest from ${engine.quoteTable(table.structure.table)}`,
  );
  if (row?.newest == null) return undefined;
  const newest = String(row.newest);
  if (isNumber) return newest;
  if (lagMs === 0) return engine.queryDialect.text(newest);
  const from = new Date(Date.parse(asIso(newest)) - lagMs).toISOString();
  return engine.queryDialect.text(
    kind === 'date' ? from.slice(0, 10) : engine.instant(from.replace('Z', kind === 'timestamp' ? '000' : '000Z')),
  );
}

/** Every engine's text of a date or an instant in UTC, as one that JavaScript reads. */
function asIso(text: string): string {
  const [, date = '', time = '00:00:00', digits = ''] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(\.\d+)?)?/.exec(text) ?? [];
  return `${date}T${time}${digits.slice(0, 4)}Z`;
}
