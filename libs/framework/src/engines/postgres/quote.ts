import { DatakitError } from '../../errors/datakit-error.ts';
import type { TableName } from '../table-structure.ts';

/** NAMEDATALEN - 1: the server cuts longer names without an error. */
export const identifierBytes = 63;

/** Every table has them. @see https://www.postgresql.org/docs/current/ddl-system-columns.html */
const systemColumns = ['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid'];

/** Quotes a name; every name that PostgreSQL can hold survives the round trip. */
export function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** Quotes a table with its schema. */
export function quoteTable(table: TableName): string {
  return table.schema === undefined ? quote(table.name) : `${quote(table.schema)}.${quote(table.name)}`;
}

/** Quotes a text as a literal; `E''` keeps backslashes the same under every `standard_conforming_strings`. */
export function quoteLiteral(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll("'", "''");
  return escaped.includes('\\') ? `E'${escaped}'` : `'${escaped}'`;
}

/** @throws IDENTIFIER for a name that the server would cut or cannot hold */
export function checkIdentifier(identifier: string, what: string): void {
  const bytes = Buffer.byteLength(identifier);
  const problem =
    identifier === ''
      ? 'is empty'
      : what === 'table' && identifier.includes('.')
        ? 'holds a dot'
        : identifier.includes('\0')
          ? 'holds a NUL character'
          : bytes > identifierBytes
            ? `has ${bytes} bytes, and PostgreSQL keeps ${identifierBytes}`
            : what === 'schema' && /^pg_/i.test(identifier)
              ? 'starts with "pg_", which PostgreSQL keeps for itself'
              : what.startsWith('column') && systemColumns.includes(identifier)
                ? 'is a column that every table of PostgreSQL has itself'
                : undefined;
  if (problem === undefined) return;
  throw new DatakitError({
    code: 'IDENTIFIER',
    message: `The ${what} "${identifier.replaceAll('\0', '\\0')}" ${problem}.`,
    hint: 'Give it another name in the entity.',
  });
}
