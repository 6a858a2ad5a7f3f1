import { DatakitError } from '../errors/datakit-error.ts';
import type { ErrorCode } from '../errors/error-codes.ts';
import { formatColumnType } from '../model/column-type.ts';
import type { WireColumn } from '../model/wire-format.ts';

/** DuckDB's kinds of errors, as its messages begin, in our codes. */
const kinds: readonly {
  readonly begins: RegExp;
  readonly code: ErrorCode;
  readonly what: string;
  readonly hint: string;
}[] = [
  {
    begins: /No space left on device/,
    code: 'DISK_FULL',
    what: 'the disk of the output folder is full',
    hint: 'Free space, or give another folder with --out.',
  },
  {
    begins: /^(Conversion|Invalid Input|Out of Range) Error/,
    code: 'BAD_ROWS',
    what: 'a value does not fit the type of its column in Parquet',
    hint: 'Declare the column as text, or lossy (null takes the place of such values), or leave out --formats=parquet.',
  },
  {
    begins: /^IO Error/,
    code: 'OUTPUT_UNWRITABLE',
    what: 'the file could not be written',
    hint: 'Check the output folder.',
  },
];

/**
 * Turns an error of DuckDB into ours. Its text is not repeated: it quotes the row.
 * @param column that it failed on, where that is known
 */
export function duckDbError(error: unknown, doing: string, column?: WireColumn): DatakitError {
  const message = (error as Partial<Error> | null)?.message ?? '';
  const kind = kinds.find(({ begins }) => begins.test(message));
  const what = kind?.what ?? `DuckDB reports: ${message.split(':')[0] || 'unknown error'}`;
  const where = column && kind?.code === 'BAD_ROWS' ? `, in ${column.name} (${formatColumnType(column.type)})` : '';
  return new DatakitError({
    code: kind?.code ?? 'INTERNAL',
    message: `Could not ${doing}: ${what}${where}.`,
    ...(kind ? { hint: kind.hint } : {}),
    ...(column ? { details: { column: column.name } } : {}),
    cause: error,
  });
}
