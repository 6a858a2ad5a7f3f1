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
export const currentInstant = "(strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))";

/** Brings a default to the form in which SQLite's catalogue shows it. */
export function columnDefault(expression: string, type: ColumnType): string {
  const trimmed = expression.trim();
  if (/^(now\(\)|current_timestamp)$/i.test(trimmed)) return currentInstant;
  if (type.kind === 'boolean' && /^(true|false)$/i.test(trimmed)) return trimmed.toLowerCase() === 'true' ? '1' : '0';
  // Text affinity would store 4.99 as '4.99' anyway; a quoted literal keeps the digits as written.
  if (columnType(type) === 'text' && /^-?\d+(\.\d+)?$/.test(trimmed)) return `'${trimmed}'`;
  // The vocabulary is PostgreSQL's, where this is the empty array; arrays are kept as JSON.
  if (type.kind === 'array' && trimmed === "'{}'") return "'[]'";
  return asDefault(trimmed);
}

const literal =
  /^(?:[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?|x?'(?:[^']|'')*'|null|true|false|current_(?:time|date|timestamp))$/i;

/** Statements need parentheses around an expression, and the catalogue shows it without them. */
export function asDefault(text: string): string {
  if (literal.test(text)) return text;
  return isParenthesised(text) ? text : `(${text})`;
}

function isParenthesised(text: string): boolean {
  let depth = 0;
  for (const token of text.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]/g)) {
    if (token[0] === '(') depth++;
    if (token[0] === ')' && --depth === 0) return text.startsWith('(') && token.index === text.length - 1;
  }
  return false;
}

/** There is one kind of index; others (gist, gin …) have no counterpart and are left out. */
export function indexMethod(method: string | undefined): string | undefined {
  return method === undefined || method.toLowerCase() === 'btree' ? 'btree' : undefined;
}
