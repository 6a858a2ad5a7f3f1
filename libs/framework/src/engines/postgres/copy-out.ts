import type { Readable } from 'node:stream';
import { formatColumnType, type ColumnType } from '../../model/column-type.ts';
import type { ConstantColumn, WireColumn, WireFormat } from '../../model/wire-format.ts';
import type { PostgresSession } from './connect.ts';
import { quote, quoteLiteral, quoteTable } from './quote.ts';

/** Best first. */
export const copyOutFormats: readonly WireFormat[] = ['postgres-binary', 'text-rows', 'csv', 'json-lines'];

/** What to copy out of which table. */
export interface CopyOutRequest {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly (WireColumn & { readonly from: string })[];
  readonly constants: readonly ConstantColumn[];
  readonly format: WireFormat;
}

/** Starts COPY TO STDOUT. The bytes are the server's own, cut at no particular place. */
export async function copyOut(
  session: PostgresSession,
  request: CopyOutRequest,
): Promise<{ rows: Readable; bytes(): number; rowCount(): number }> {
  const { to } = await import('pg-copy-streams');
  const stream = session.client.query(to(copyStatement(request)));
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  // A listener for data starts the flow; the real consumer has to start it.
  stream.pause();
  return { rows: stream, bytes: () => bytes, rowCount: () => stream.rowCount };
}

/** The whole COPY statement; snapshots of it stand in the tests. */
export function copyStatement({ schema, table, columns, constants, format }: CopyOutRequest): string {
  const values = [
    ...columns.map((column) => `${valueIn(format, quote(column.from), column.type)} as ${quote(column.name)}`),
    ...constants.map((constant) => {
      const literal = `${quoteLiteral(constant.value)}::${formatColumnType(constant.type)}`;
      return `${valueIn(format, literal, constant.type)} as ${quote(constant.name)}`;
    }),
  ];
  const select = `select ${values.join(', ')} from ${quoteTable({ schema, name: table })}`;
  switch (format) {
    case 'postgres-binary':
      return `copy (${select}) to stdout (format binary)`;
    case 'text-rows':
      return `copy (${select}) to stdout (format text, encoding 'UTF8')`;
    case 'csv':
      return `copy (${select}) to stdout (format csv, null '\\N', encoding 'UTF8')`;
    case 'json-lines':
      // With a quote and a delimiter that JSON never contains, csv leaves each text on its line as it is.
      return `copy (select row_to_json(row) from (${select}) as row) to stdout (format csv, quote e'\\x01', delimiter e'\\x02', encoding 'UTF8')`;
  }
}

/** How a value is sent: cast to its declared type, then in the portable form of the format. */
function valueIn(format: WireFormat, value: string, type: ColumnType): string {
  const cast = `${value}::${formatColumnType(type)}`;
  if (format === 'postgres-binary') return cast;
  const inJson = format === 'json-lines';
  switch (type.kind) {
    case 'timestamptz':
      return isoInstant(`${cast} at time zone 'UTC'`, cast, 'Z');
    case 'timestamp':
      return isoInstant(cast, cast, '');
    case 'boolean':
      return inJson ? cast : `${cast}::integer`;
    case 'bytea':
      return inJson ? cast : `encode(${cast}, 'hex')`;
    case 'array':
      return inJson ? cast : `array_to_json(${cast})::text`;
    case 'json':
    case 'jsonb':
      return inJson ? cast : `${cast}::text`;
    case 'named':
    case 'interval':
      return `${cast}::text`;
    default:
      return cast;
  }
}

/** to_char() knows neither infinity nor years before Christ; those keep PostgreSQL's own text. */
function isoInstant(local: string, value: string, suffix: string): string {
  const iso = `to_char(${local}, 'YYYY-MM-DD"T"HH24:MI:SS.US"${suffix}"')`;
  return `case when isfinite(${value}) and ${value} >= '0001-01-01' then ${iso} else ${value}::text end`;
}
