import type { ColumnType } from '../../model/column-type.ts';

/**
 * How SQLite keeps each type so that no value changes:
 * integers of all sizes and booleans as integer (64 bits), floating point as real, bytes as blob,
 * everything else as text: decimals with all their digits (numeric affinity would make them binary fractions),
 * instants as ISO 8601 in UTC with six digits, so that they sort and SQLite's date functions read them.
 */
export function columnType(type: ColumnType): string {
  switch (type.kind) {
    case 'boolean':
    case 'smallint':
    case 'integer':
    case 'bigint':
      return 'integer';
    case 'real':
    case 'double':
      return 'real';
    case 'bytea':
      return 'blob';
    default:
      return 'text';
  }
}

/** `now` in the same form in which loaded instants are kept. */
const currentInstant = "(strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))";

/** Brings a default to the form in which SQLite's catalogue shows it. */
export function columnDefault(expression: string, type: ColumnType): string {
  const trimmed = expression.trim();
  if (/^(now\(\)|current_timestamp)$/i.test(trimmed)) return currentInstant;
  if (type.kind === 'boolean' && /^(true|false)$/i.test(trimmed)) return trimmed.toLowerCase() === 'true' ? '1' : '0';
  // Text affinity would store 4.99 as '4.99' anyway; a quoted literal keeps the digits as written.
  if (columnType(type) === 'text' && /^-?\d+(\.\d+)?$/.test(trimmed)) return `'${trimmed}'`;
  return trimmed;
}

/** There is one kind of index; others (gist, gin …) have no counterpart and are left out. */
export function indexMethod(method: string | undefined): string | undefined {
  return method === undefined || method.toLowerCase() === 'btree' ? 'btree' : undefined;
}
