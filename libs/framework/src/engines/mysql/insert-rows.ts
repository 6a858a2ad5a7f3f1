import type { Readable } from 'node:stream';
import type { ResultSetHeader } from 'mysql2/promise';
import type { WireColumn } from '../../model/wire-format.ts';
import type { CopyInRequest } from '../copy-in.ts';
import { textRowBlocks, unescapeField } from '../text-rows.ts';
import type { MysqlSession } from './connect.ts';
import { constantLiteral } from './load-data.ts';
import { keptTest } from './lossy-values.ts';
import { quote, quoteTable } from './quote.ts';
import { badRowsOfWarnings } from './row-errors.ts';

/** More rows in one statement were no faster; a statement takes 65,535 values. */
const rowsPerStatement = 500;
const valuesPerStatement = 60_000;
/** Statements stay well below the least `max_allowed_packet` that servers come with. */
const bytesPerStatement = 512 * 1024;

type Value = string | Buffer | null;

/** Multi-row prepared statements, for servers that take no files. */
export async function insertRows(session: MysqlSession, request: CopyInRequest, rows: Readable): Promise<number> {
  const converters = request.columns.map(converterFor);
  const width = converters.length;
  const batch = Math.max(1, Math.min(rowsPerStatement, Math.floor(valuesPerStatement / Math.max(1, width))));
  let values: Value[] = [];
  let bytes = 0;
  let count = 0;
  const flush = async (): Promise<void> => {
    // Two statements only, so that the server keeps them prepared: the full batch and the single row.
    if (values.length === batch * width) await insert(session, request, batch, values);
    else
      for (let at = 0; at < values.length; at += width) await insert(session, request, 1, values.slice(at, at + width));
    values = [];
    bytes = 0;
  };
  for await (const block of textRowBlocks(rows)) {
    for (const line of block) {
      const fields = line.split('\t');
      if (fields.length !== width)
        throw new TypeError(`a row of the source has ${fields.length} fields instead of ${width}`);
      if (bytes + line.length > bytesPerStatement) await flush();
      for (const [index, field] of fields.entries()) {
        const text = unescapeField(field);
        const convert = converters[index];
        values.push(text === null || !convert ? text : convert(text));
      }
      bytes += line.length;
      count++;
      if (values.length === batch * width) await flush();
    }
  }
  await flush();
  return count;
}

async function insert(
  { connection }: MysqlSession,
  request: CopyInRequest,
  rows: number,
  values: readonly Value[],
): Promise<void> {
  const { table, columns, constants } = request;
  const names = [...columns, ...constants].map(({ name }) => quote(name)).join(', ');
  const row = `(${[...columns.map(() => '?'), ...constants.map(constantLiteral)].join(', ')})`;
  const sql = `insert into ${quoteTable(table)} (${names}) values ${new Array(rows).fill(row).join(', ')}`;
  const [result] = await connection.execute<ResultSetHeader>(sql, values as never);
  if (result.warningStatus === 0) return;
  throw await badRowsOfWarnings(connection, request);
}

function converterFor(column: WireColumn): ((text: string) => Value) | undefined {
  const convert = converterOf(column);
  const isKept = column.lossy ? keptTest(column.type) : undefined;
  return isKept ? (text) => (isKept(text) ? (convert?.(text) ?? text) : null) : convert;
}

function converterOf({ type }: WireColumn): ((text: string) => Value) | undefined {
  switch (type.kind) {
    case 'timestamptz':
      return (text) => text.replace(/Z$/, '');
    case 'bytea':
      return (text) => Buffer.from(text, 'hex');
    default:
      return undefined;
  }
}
