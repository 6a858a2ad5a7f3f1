import type { Readable } from 'node:stream';
import type { Client } from 'pg';
import { formatColumnType, type ColumnType } from '../../model/column-type.ts';
import type { CursorRange } from '../../model/cursor-range.ts';
import type { ConstantColumn, WireColumn, WireFormat } from '../../model/wire-format.ts';
import type { PostgresSession } from './connect.ts';
import { rangeCondition } from './cursor-range.ts';
import { quote, quoteLiteral, quoteTable } from './quote.ts';
import { RowEstimate } from './row-estimate.ts';

/** Best first. */
export const copyOutFormats: readonly WireFormat[] = [
  'postgres-binary',
  'postgres-text',
  'text-rows',
  'csv',
  'json-lines',
];

/** What to copy out of which table. */
export interface CopyOutRequest {
  readonly schema: string;
  readonly table: string;
  /** Instead of the table. */
  readonly query?: string;
  readonly columns: readonly (WireColumn & { readonly from: string })[];
  readonly constants: readonly ConstantColumn[];
  readonly format: WireFormat;
  readonly range?: CursorRange;
}

/**
 * Starts COPY TO STDOUT. The bytes are the server's own, cut at no particular place.
 * @param failure makes of the driver's error what readers get; the driver's own where it is left out
 */
export async function copyOut(
  session: PostgresSession,
  request: CopyOutRequest,
  failure: (error: unknown) => Error = (error) => error as Error,
): Promise<{ rows: Readable; bytes(): number; rowsSoFar(): number; rowCount(): Promise<number> }> {
  const { to } = await import('pg-copy-streams');
  const stream = session.client.query(to(copyStatement(request)));
  const estimate = new RowEstimate(request.format);
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    estimate.see(chunk);
  });
  // The driver would emit its own error, and leave the stream open for whoever begins to read later.
  (stream as unknown as CopyQuery).handleError = (error) => void stream.destroy(failure(error));
  // The source can fail before anybody reads; without a listener that would end the process. Whoever reads later is told.
  stream.on('error', () => undefined);
  // A listener for data starts the flow; the real consumer has to start it.
  stream.pause();
  const ended = untilIdle(session.client, failure);
  return {
    rows: stream,
    bytes: () => bytes,
    rowsSoFar: () => estimate.rows(),
    rowCount: async () => {
      await ended;
      return stream.rowCount;
    },
  };
}

/** How the driver tells a query that it failed. */
interface CopyQuery {
  handleError(error: Error): void;
}

/** The stream ends with the last row; the server's count comes after it, and only then the session is free again. */
function untilIdle(client: Client, failure: (error: unknown) => Error): Promise<void> {
  const ended = new Promise<void>((resolve, reject) => {
    const onIdle = (): void => {
      client.removeListener('end', onEnd);
      resolve();
    };
    const onEnd = (): void => {
      client.removeListener('drain', onIdle);
      reject(failure(new Error('Connection terminated before the server had counted its rows')));
    };
    client.once('drain', onIdle);
    client.once('end', onEnd);
  });
  // Whoever was told of a broken stream does not ask for its count.
  ended.catch(() => undefined);
  return ended;
}

/** The whole COPY statement; snapshots of it stand in the tests. */
export function copyStatement(request: CopyOutRequest): string {
  const { columns, constants, format, range } = request;
  const from = `from ${rowsOf(request)}${range ? ` where ${rangeCondition(range)}` : ''}`;
  const values = columns.map(
    (column) => `${valueIn(format, quote(column.from), column.type)} as ${quote(column.name)}`,
  );
  const literals = constants.map((constant) => `${constantIn(format, constant)} as ${quote(constant.name)}`);
  const select = `select ${[...values, ...literals].join(', ')} ${from}`;
  switch (format) {
    case 'postgres-binary':
      return `copy (${select}) to stdout (format binary)`;
    case 'postgres-text':
    case 'text-rows':
      return `copy (${select}) to stdout (format text, encoding 'UTF8')`;
    case 'csv':
      return `copy (${select}) to stdout (format csv, null '\\N', encoding 'UTF8')`;
    case 'json-lines': {
      const rows = `select ${jsonOfRow(columns, constants)} from (select ${values.join(', ')} ${from}) as datakit_row`;
      // With a quote and a delimiter that JSON never contains, csv leaves each text on its line as it is.
      return `copy (${rows}) to stdout (format csv, quote e'\\x01', delimiter e'\\x02', encoding 'UTF8')`;
    }
  }
}

/** A table, or a query in its place. The line break ends a comment that the query may end with. */
export function rowsOf({ schema, table, query }: Pick<CopyOutRequest, 'schema' | 'table' | 'query'>): string {
  return query === undefined ? quoteTable({ schema, name: table }) : `(${query}\n) as datakit_query`;
}

/** Constants are appended as finished text: making them anew for every row would cost as much as seven columns. */
function jsonOfRow(columns: readonly WireColumn[], constants: readonly ConstantColumn[]): string {
  // A json value keeps the lines in which it was written; inside of its texts there are none.
  const row = columns.some(({ type }) => holdsJson(type))
    ? "translate(row_to_json(datakit_row)::text, e'\\n\\r', '  ')"
    : 'row_to_json(datakit_row)';
  if (constants.length === 0) return row;
  const fields = constants.map(({ name, value }) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',');
  return `left(${row}::text, -1) || ${quoteLiteral(`,${fields}}`)}`;
}

function holdsJson(type: ColumnType): boolean {
  return type.kind === 'json' || (type.kind === 'array' && holdsJson(type.of));
}

/** Constants are given in their portable form already; only binary needs them in their type. */
function constantIn(format: WireFormat, { value, type }: ConstantColumn): string {
  return `${quoteLiteral(value)}::${format === 'postgres-binary' ? formatColumnType(type) : 'text'}`;
}

/** How a value is sent: cast to its declared type, then in the portable form of the format. */
export function valueIn(format: WireFormat, value: string, type: ColumnType): string {
  const cast = `${value}::${formatColumnType(type)}`;
  if (format === 'postgres-binary' || format === 'postgres-text') return cast;
  const inJson = format === 'json-lines';
  switch (type.kind) {
    case 'date':
      return format === 'csv' ? duckDbDate(cast) : cast;
    case 'timestamptz':
    case 'timestamp':
      // Readers of csv take the server's own form, which costs nothing to make.
      return format === 'csv' ? cast : isoInstant(cast, type.kind === 'timestamptz');
    case 'boolean':
      return inJson ? cast : `${cast}::integer`;
    case 'bytea':
      return inJson ? cast : `encode(${cast}, 'hex')`;
    case 'array':
      return jsonArray(format, cast, type.of);
    case 'json':
    case 'jsonb':
      return inJson ? cast : `${cast}::text`;
    case 'named':
    case 'interval':
      // The server's own form: a cast to text writes inet with a mask that was not there, and hstore as json in json.
      return inJson ? `case when ${cast} is not null then format('%s', ${cast}) end` : cast;
    default:
      return cast;
  }
}

/** to_char() knows neither infinity nor years before Christ; those keep PostgreSQL's own text. */
function isoInstant(value: string, hasZone: boolean): string {
  const local = hasZone ? `${value} at time zone 'UTC'` : value;
  const iso = `to_char(${local}, 'YYYY-MM-DD"T"HH24:MI:SS.US${hasZone ? '"Z"' : ''}')`;
  return `case when isfinite(${value}) and ${value} >= '0001-01-01' then ${iso} else ${value}::text end`;
}

/** DuckDB reads "0044-03-15 BC" as a year after Christ, without a word; it wants the era in parentheses. */
function duckDbDate(value: string): string {
  const isBefore = `isfinite(${value}) and ${value} < '0001-01-01'`;
  return `case when ${isBefore} then replace(${value}::text, 'BC', '(BC)') else ${value}::text end`;
}

/**
 * An array as JSON. JSON has no bounds, so an array whose bounds do not begin at 1 keeps PostgreSQL's text. In csv the
 * elements are texts: DuckDB would read numbers with more digits than a double has as doubles.
 */
function jsonArray(format: WireFormat, array: string, of: ColumnType): string {
  const hasBounds = `array_dims(${array}) ~ '\\[(?!1:)'`;
  // Not char(n): a cast to text would take its padding.
  const elements = format === 'csv' && of.kind !== 'char' ? `${array}::text[]` : array;
  return format === 'json-lines'
    ? `case when ${hasBounds} then to_json(${array}::text) else array_to_json(${elements}) end`
    : `case when ${hasBounds} then ${array}::text else array_to_json(${elements})::text end`;
}
