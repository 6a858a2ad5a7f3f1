import { DatakitError } from '../../errors/datakit-error.ts';
import type { TableName } from '../table-structure.ts';

/** SQLite itself has no limit; this keeps names that also fit the other engines' tools. */
export const identifierBytes = 255;

/** Quotes a name. */
export function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** Tables have no schema here: a datakit's schema is a prefix of the name. */
export function quoteTable(table: TableName): string {
  return quote(table.name);
}

/** Quotes a text as a literal. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** @throws IDENTIFIER for a name that SQLite cannot hold or keeps for itself */
export function checkIdentifier(identifier: string, what: string): void {
  const problem =
    identifier === ''
      ? 'is empty'
      : what === 'table' && identifier.includes('.')
        ? 'holds a dot'
        : identifier.includes('\0')
          ? 'holds a NUL character'
          : identifier.toLowerCase().startsWith('sqlite_')
            ? 'starts with "sqlite_", which SQLite keeps for itself'
            : Buffer.byteLength(identifier) > identifierBytes
              ? `is longer than ${identifierBytes} bytes`
              : undefined;
  if (problem === undefined) return;
  throw new DatakitError({
    code: 'IDENTIFIER',
    message: `The ${what} "${identifier.replaceAll('\0', '\\0')}" ${problem}.`,
    hint: 'Give it another name in the entity.',
  });
}
