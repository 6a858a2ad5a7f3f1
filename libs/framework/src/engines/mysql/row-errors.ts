import type { Connection, RowDataPacket } from 'mysql2/promise';
import { DatakitError } from '../../errors/datakit-error.ts';
import { formatColumnType } from '../../model/column-type.ts';
import type { CopyInRequest } from '../copy-in.ts';

/** Errors and warnings about rows, in words without their values. */
export const rowErrors: Readonly<Record<number, string>> = {
  1048: 'a null where none may be',
  1062: 'two rows with the same key',
  1261: 'a row with too few columns',
  1262: 'a row with too many columns',
  1263: 'a null where none may be',
  1264: 'a value out of range',
  1265: 'a value that would be cut or changed',
  1292: 'a value that is none of its type',
  1300: 'bytes that are no UTF-8',
  1301: "a value longer than the server's max_allowed_packet",
  1364: 'a value missing',
  1366: 'a value that is none of its type',
  1367: 'a number out of range',
  1406: 'a value that is too long',
  1411: 'a value that is none of its type',
  1441: 'a date out of range',
  1451: 'a row that others point to',
  1452: 'a row that points to none',
  1525: 'a value that is none of its type',
  1690: 'a number out of range',
  3819: 'a row that fails a check',
  4025: 'a row that fails a check',
};

/** The column, key or constraint that a server's text names; its values are left out. */
export function nameIn(text: string): string | undefined {
  const column = /for column (?:(?:`[^`]*`\.)*`([^`]+)`|'([^']+)')|[Cc]olumn '([^']+)'/.exec(text);
  if (column) return `column ${column[1] ?? column[2] ?? column[3]}`;
  const key = /for key '([^']+)'\s*$/.exec(text);
  if (key) return `key ${key[1]}`;
  const constraint = /CONSTRAINT `([^`]+)`/i.exec(text) ?? /constraint '([^']+)'/i.exec(text);
  return constraint ? `constraint ${constraint[1]}` : undefined;
}

/** @throws BAD_ROWS in the words of the first error or warning; its value stays out of the message */
export function badRows({ table, columns }: CopyInRequest, errno: number, text: string): DatakitError {
  const name = nameIn(text);
  const column = columns.find((each) => name === `column ${each.name}`);
  const type = column ? ` (${formatColumnType(column.type)})` : '';
  const what = rowErrors[errno] ?? `a row that the server refuses (${errno})`;
  return new DatakitError({
    code: 'BAD_ROWS',
    message: `${table.name} cannot keep every row: ${what}${name === undefined ? '' : ` in ${name}${type}`}; nothing was loaded.`,
    hint: 'Declare a type that holds every value, or filter such rows in the source. docs/types.md tells what each type holds, and what "lossy" does.',
    details: { errno, name },
  });
}

/**
 * The refusal of a load by its first warning that is about a value: MySQL may first warn that the form of that value is
 * going out of use (4096), which names no column.
 */
export async function badRowsOfWarnings(connection: Connection, request: CopyInRequest): Promise<DatakitError> {
  const [warnings] = await connection.query<RowDataPacket[]>('show warnings limit 64');
  const warning = warnings.find(({ Code }) => Number(Code) in rowErrors) ?? warnings[0];
  return badRows(request, Number(warning?.['Code'] ?? 0), String(warning?.['Message'] ?? ''));
}
