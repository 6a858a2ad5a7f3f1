import type { ColumnType } from '../../model/column-type.ts';
import type { WireFormat } from '../../model/wire-format.ts';
import type { ToText } from './portable-value.ts';

const token = /\s*("(?:[^"\\]|\\.)*"|[[\],]|[^\s"[\],]+)\s*/gy;
const documents: readonly string[] = ['json', 'jsonb'];

/**
 * A JSON array as a list: as JSON, or in PostgreSQL's own form. It is rewritten token by token, because a number of JSON
 * may have more digits than a JavaScript number.
 */
export function listText(of: ColumnType, format: WireFormat): ToText {
  return (value) => {
    if (typeof value !== 'string' || documents.includes(of.kind)) return undefined;
    // PostgreSQL's own text of a list whose bounds do not begin at 1, for which JSON has no form.
    if (/^\[-?\d+:-?\d+\]/.test(value)) return format === 'json-lines' ? JSON.stringify(value) : value;
    const tokens = value.match(token)?.map((part) => part.trim()) ?? [];
    if (tokens[0] !== '[' || !isJson(value)) return undefined;
    return tokens.map((part) => element(part, format)).join('');
  };
}

function element(part: string, format: WireFormat): string {
  if (format !== 'postgres-text') return format === 'csv' && /^[-\dtf]/.test(part) ? `"${part}"` : part;
  if (part === '[') return '{';
  if (part === ']') return '}';
  if (part === 'null') return 'NULL';
  if (!part.startsWith('"')) return part;
  return `"${(JSON.parse(part) as string).replaceAll(/["\\]/g, '\\$&')}"`;
}

function isJson(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}
