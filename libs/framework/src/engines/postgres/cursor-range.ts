import type { ColumnType } from '../../model/column-type.ts';
import type { CursorBound, CursorRange } from '../../model/cursor-range.ts';
import { formatColumnType } from '../../model/column-type.ts';
import { quote, quoteLiteral } from './quote.ts';

const texts: readonly string[] = ['text', 'varchar'];
const withInfinity: readonly string[] = ['date', 'timestamp', 'timestamptz'];

/** The rows of a range, as a condition. Written so that an index on the column serves it, except for texts. */
export function rangeCondition(range: CursorRange): string {
  const { from, to, type } = range;
  const value = cursorValue(range);
  const bounds = [
    ...(from ? [`${value} ${from.inclusive ? '>=' : '>'} ${literal(from, type)}`] : []),
    ...(to ? [`${value} ${to.inclusive ? '<=' : '<'} ${literal(to, type)}`] : []),
  ];
  if (!range.nulls) return [...bounds, `not ${withoutPlace(range)}`].join(' and ');
  return bounds.length === 0 ? 'true' : `(${bounds.join(' and ')} or ${withoutPlace(range)})`;
}

/** What a column is compared and sorted by: an index of texts in the server's own collation would sort otherwise. */
export function cursorValue({ column, type }: Pick<CursorRange, 'column' | 'type'>): string {
  return texts.includes(type.kind) ? `${quote(column)}::text collate "C"` : quote(column);
}

/** Values that are before or behind all others, or nowhere: a cursor that moved there would never find a row again. */
export function withoutPlace({ column, type }: Pick<CursorRange, 'column' | 'type'>): string {
  const name = quote(column);
  // Not isfinite(), which no index serves.
  const infinite = withInfinity.includes(type.kind) ? ` or ${name} = 'infinity' or ${name} = '-infinity'` : '';
  // Before version 14 the server does not even know the word for an infinite numeric.
  const noNumber = type.kind === 'numeric' ? ` or ${name}::text in ('NaN', 'Infinity', '-Infinity')` : '';
  return `(${name} is null${infinite}${noNumber})`;
}

function literal({ value }: CursorBound, type: ColumnType): string {
  // Without a size, which would cut or round the bound.
  const sizeless = texts.includes(type.kind) ? 'text' : formatColumnType({ kind: type.kind } as ColumnType);
  return `${quoteLiteral(value)}::${sizeless}`;
}
