import { DatakitError } from '../../errors/datakit-error.ts';
import { formatColumnType } from '../../model/column-type.ts';
import type { CopyInRequest } from '../copy-in.ts';

/** SQL states about rows, in words without their values. */
const rowErrors: Readonly<Record<string, string>> = {
  '22001': 'a value that is too long',
  '22003': 'a number out of range',
  '22007': 'a value that is none of its type',
  '22008': 'a date out of range',
  '22021': 'bytes that are no UTF-8',
  '22P02': 'a value that is none of its type',
  '22P03': 'a value that is none of its type',
  '22P05': 'a character that jsonb does not take',
  '23502': 'a null where none may be',
  '23503': 'a row that points to none',
  '23505': 'two rows with the same key',
  '23514': 'a row that fails a check',
};

/**
 * The refusal of a row in our words: the server's own text quotes it.
 * @returns undefined where the error is about something else
 */
export function rowError(error: unknown, { table, columns }: CopyInRequest): DatakitError | undefined {
  const { code = '', column, constraint, where = '' } = error as Record<string, string | undefined>;
  const what = rowErrors[code];
  if (what === undefined) return undefined;
  // The name of the column ends at the value, which is quoted; a name may hold a colon itself.
  const failing = column ?? columns.find(({ name }) => where.includes(`, column ${name}:`))?.name;
  const type = columns.find(({ name }) => name === failing)?.type;
  const about =
    failing !== undefined
      ? ` in column ${failing}${type ? ` (${formatColumnType(type)})` : ''}`
      : constraint !== undefined
        ? ` in constraint ${constraint}`
        : '';
  return new DatakitError({
    code: 'BAD_ROWS',
    message: `${table.name} cannot keep every row: ${what}${about}; nothing was loaded.`,
    hint: 'Declare what the source has, or filter such rows there; --maxBadRows sets them aside.',
    details: { sqlState: code, column: failing, constraint },
    cause: error,
  });
}
