import { formatColumnType, type ColumnType } from '../../model/column-type.ts';

/** The vocabulary of column types is PostgreSQL's own. */
export function columnType(type: ColumnType): string {
  return formatColumnType(type);
}

/** Brings a default to the form in which two equal ones are equal texts. */
export function columnDefault(expression: string): string {
  const withoutCasts = expression
    .trim()
    // The server shows a literal with the type it resolved: 'G'::text, '-1'::integer.
    .replaceAll(/('(?:[^']|'')*')::[a-z"][\w" ]*(?:\([\d,]+\))?(?:\[\])*/gi, '$1')
    .replace(/^'(-?\d+(?:\.\d+)?)'$/, '$1')
    .replace(/^\((-?\d+(?:\.\d+)?)\)$/, '$1');
  const outsideQuotes = withoutCasts.startsWith("'") ? withoutCasts : withoutCasts.toLowerCase();
  return outsideQuotes === 'current_timestamp' ? 'now()' : outsideQuotes;
}

/** Names are those of `create index … using`. */
export function indexMethod(method: string | undefined): string {
  return method?.toLowerCase() ?? 'btree';
}
