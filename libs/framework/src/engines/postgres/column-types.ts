import { formatColumnType, type ColumnType } from '../../model/column-type.ts';

/** The vocabulary of column types is PostgreSQL's own. */
export function columnType(type: ColumnType): string {
  return formatColumnType(type);
}

const numbers = ['smallint', 'integer', 'bigint', 'real', 'double', 'numeric'];

/** A literal, plain or with backslash escapes, and the type that the server shows it with: 'G'::text, '-1'::integer. */
const literal =
  /(?:\bE'(?<escaped>(?:[^'\\]|''|\\.)*)'|'(?<plain>(?:[^']|'')*)')(?<casts>(?:::[a-z"][\w". ]*(?:\([\d,]+\))?(?: with(?:out)? time zone)?(?:\[\])*)*)/gis;

/** Brings a default to the form in which two equal ones are equal texts. */
export function columnDefault(expression: string, type: ColumnType): string {
  const literals: string[] = [];
  const outside = expression.trim().replaceAll(literal, (_, escaped?: string, plain?: string) => {
    literals.push(escaped === undefined ? (plain ?? '') : escaped.replaceAll(/\\(.)/gs, '$1'));
    return '\0';
  });
  if (outside === '\0') return literalDefault(literals[0] ?? '', type);
  const normal = outside.toLowerCase().replace(/^\((-?\d+(?:\.\d+)?)\)$/, '$1');
  if (normal === 'current_timestamp') return 'now()';
  return normal.replaceAll('\0', () => `'${literals.shift() ?? ''}'`);
}

/** @param text what stands between the quotes, with its own quotes still doubled */
function literalDefault(text: string, type: ColumnType): string {
  if (numbers.includes(type.kind) && /^-?\d+(\.\d+)?$/.test(text)) return text;
  if (type.kind === 'jsonb') return `'${sortedJson(text)}'`;
  return `'${text}'`;
}

/** The server keeps jsonb parsed, so the text that it shows differs from the one that was written. */
function sortedJson(text: string): string {
  const sort = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sort);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, each]) => [key, sort(each)]),
    );
  };
  try {
    return JSON.stringify(sort(JSON.parse(text)));
  } catch {
    return text;
  }
}

/** Names are those of `create index … using`. */
export function indexMethod(method: string | undefined): string {
  return method?.toLowerCase() ?? 'btree';
}
