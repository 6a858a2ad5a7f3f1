import { formatColumnType, type ColumnType } from '../../model/column-type.ts';
import type { ValueConditions } from '../value-conditions.ts';
import { quoteLiteral } from './quote.ts';

const integers: readonly string[] = ['smallint', 'integer', 'bigint'];
const withNaN: readonly string[] = ['real', 'double', 'numeric'];
/** Types of PostgreSQL's own, of which we know only the text. */
const byText: readonly string[] = ['named', 'json'];

/** Values keep their types, so the server's own comparisons are exact. */
export const valueConditions: ValueConditions = {
  compare(column, type, comparison, constant) {
    const condition = `${column} ${comparison} ${literal(constant, type)}`;
    // To the server NaN is greater than every number.
    return withNaN.includes(type.kind) ? `(${condition} and ${column} <> 'NaN')` : condition;
  },
  isOneOf(column, type, constants) {
    return `${keyOf(column, type)} in (${constants.map((constant) => literal(constant, type)).join(', ')})`;
  },
  matches(column, type, pattern) {
    // A cast would take the padding off a `char`, which is part of its value elsewhere.
    const text = type.kind === 'char' ? column : `${column}::text`;
    return `${text} ~ ${quoteLiteral(pattern.written('$'))}`;
  },
  key: keyOf,
  text: (expression) => `(${expression})::text`,
  now: `to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
};

function keyOf(column: string, type: ColumnType): string {
  return byText.includes(type.kind) ? `${column}::text` : column;
}

function literal(constant: string, type: ColumnType): string {
  // As a number of any size and with any digits: a bound need not be a value of the column's type.
  if (integers.includes(type.kind) || type.kind === 'numeric') return `${quoteLiteral(constant)}::numeric`;
  if (byText.includes(type.kind)) return quoteLiteral(constant);
  return `${quoteLiteral(constant)}::${formatColumnType(withoutSizes(type))}`;
}

/** A cast to a size would cut the constant. */
function withoutSizes(type: ColumnType): ColumnType {
  return type.kind === 'char' ? { kind: 'char' } : ({ kind: type.kind } as ColumnType);
}
