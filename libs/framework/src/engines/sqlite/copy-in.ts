import type { Readable } from 'node:stream';
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { DatakitError } from '../../errors/datakit-error.ts';
import type { CopyIn, CopyInRequest } from '../copy-in.ts';
import { formatColumnType } from '../../model/column-type.ts';
import type { ConstantColumn, WireColumn } from '../../model/wire-format.ts';
import type { Session } from '../session.ts';
import { columnType } from './column-types.ts';
import type { SqliteSession } from './connect.ts';
import { quote, quoteLiteral, quoteTable } from './quote.ts';
import { serverError } from './server-error.ts';
import { textRowBlocks, unescapeField } from '../text-rows.ts';

/** 50 rows a statement was the fastest of 1, 10, 50, 200 and 1000; more only costs memory. */
const rowsPerStatement = 50;
/** @see https://www.sqlite.org/rescode.html#constraint */
const constraintCode = 19;
/** SQLite's limit of bound values in one statement is 32766. */
const valuesPerStatement = 30_000;

/** Multi-row prepared statements inside the session's transaction. */
export const copyIn: CopyIn = {
  formats: ['text-rows'],
  addsConstants: true,
  // It would keep NaN as NULL.
  lacks: (type) => (columnType(type) === 'real' ? 'NaN' : undefined),
  write: async (session: Session, request: CopyInRequest, rows: Readable): Promise<number> => {
    try {
      return await insertRows(session as SqliteSession, request, rows);
    } catch (error) {
      throw brokenConstraint(error, request) ?? serverError(error, `write rows into ${request.table.name}`);
    }
  },
};

/** SQLite names tables and columns in these messages, and no values. */
function brokenConstraint(error: unknown, { table }: CopyInRequest): DatakitError | undefined {
  const { errcode = 0, message = '' } = error as { errcode?: number; message?: string };
  if ((errcode & 0xff) !== constraintCode) return undefined;
  return new DatakitError({
    code: 'BAD_ROWS',
    message: `${table.name} cannot keep every row: ${message}; nothing was loaded.`,
    hint: 'Declare what the source has, or filter such rows there; --maxBadRows sets them aside.',
    details: { sqliteCode: errcode },
    cause: error,
  });
}

async function insertRows(session: SqliteSession, request: CopyInRequest, rows: Readable): Promise<number> {
  const converters = request.columns.map(converterFor);
  const width = converters.length;
  const batch = Math.max(1, Math.min(rowsPerStatement, Math.floor(valuesPerStatement / Math.max(1, width))));
  const full = session.database.prepare(insertStatement(request, batch));
  let single: StatementSync | undefined;
  const values = new Array<SQLInputValue>(batch * width);
  let filled = 0;
  let count = 0;
  for await (const block of textRowBlocks(rows)) {
    for (const line of block) {
      const fields = line.split('\t');
      if (fields.length !== width)
        throw new TypeError(`a row of the source has ${fields.length} fields instead of ${width}`);
      const escaped = line.includes('\\');
      for (let index = 0; index < width; index++) {
        const field = fields[index] as string;
        const text = escaped ? unescapeField(field) : field;
        const convert = converters[index];
        values[filled++] = text === null || convert === undefined ? text : convert(text);
      }
      count++;
      if (filled === values.length) {
        full.run(...values);
        filled = 0;
      }
    }
  }
  for (let start = 0; start < filled; start += width) {
    single ??= session.database.prepare(insertStatement(request, 1));
    single.run(...values.slice(start, start + width));
  }
  return count;
}

function insertStatement({ table, columns, constants }: CopyInRequest, rows: number): string {
  const names = [...columns, ...constants].map((column) => quote(column.name)).join(', ');
  const row = `(${[...columns.map(() => '?'), ...constants.map(constantLiteral)].join(', ')})`;
  return `insert into ${quoteTable(table)} (${names}) values ${new Array(rows).fill(row).join(', ')}`;
}

function constantLiteral(constant: ConstantColumn): string {
  return columnType(constant.type) === 'text' ? quoteLiteral(constant.value) : constant.value;
}

type Convert = (text: string) => SQLInputValue;

/**
 * How a text becomes a bound value. Integers stay text: the column's affinity turns them into all 64 bits,
 * which a JavaScript number could not hold.
 */
function converterFor(column: WireColumn): Convert | undefined {
  switch (columnType(column.type)) {
    case 'real':
      return (text) => toReal(text, column);
    case 'blob':
      return (text) => Buffer.from(text, 'hex');
    default:
      return undefined;
  }
}

function toReal(text: string, column: WireColumn): number | null {
  const number = Number(text);
  if (!Number.isNaN(number)) return number;
  if (column.lossy) return null;
  throw new DatakitError({
    code: 'BAD_ROWS',
    message: `The column ${column.name} (${formatColumnType(column.type)}) holds NaN, and SQLite would keep it as NULL.`,
    hint: 'Filter such rows in the source, or declare the column lossy: table(Entity, { lossy: ["…"] }) loads null in its place.',
    details: { column: column.name },
  });
}
