import type { ColumnType } from '../../model/column-type.ts';
import { parseDecimal, type Decimal } from '../../model/decimal.ts';
import { compareDecimalText, decimalPattern, type DecimalTextParts } from '../decimal-text.ts';
import type { Comparison, ValueConditions } from '../value-conditions.ts';
import { quoteLiteral } from './quote.ts';

/** Decimals are texts, and so are dates and instants; `regexp` is ours, see `regular-expressions.ts`. */
export const valueConditions: ValueConditions = {
  compare(column, type, comparison, constant) {
    switch (type.kind) {
      case 'smallint':
      case 'integer':
      case 'bigint':
        return compareInteger(column, comparison, parseDecimal(constant) as Decimal);
      case 'numeric':
        return compareDecimalText(column, comparison, constant, parts);
      case 'date':
      case 'timestamp':
      case 'timestamptz':
        return compareDate(column, comparison, constant);
      default:
        return `${column} ${comparison} ${literal(constant, type)}`;
    }
  },
  // A chain of `or` would be as deep as it is long, and SQLite takes 1,000.
  isOneOf: (column, type, constants) =>
    `${keyOf(column, type)} in (${constants.map((constant) => literal(constant, type)).join(', ')})`,
  matches: (column, _, pattern) => `${column} regexp ${quoteLiteral(pattern.written('$'))}`,
  key: keyOf,
  text: (expression) => `cast(${expression} as text)`,
  now: "strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')",
};

function keyOf(column: string, { kind }: ColumnType): string {
  if (kind !== 'numeric') return column;
  return `case when instr(${column}, '.') > 0 then rtrim(rtrim(${column}, '0'), '.') else ${column} end`;
}

const bare: readonly string[] = ['boolean', 'smallint', 'integer', 'bigint', 'real', 'double'];

function literal(constant: string, { kind }: ColumnType): string {
  return bare.includes(kind) ? constant : quoteLiteral(constant);
}

const parts: DecimalTextParts = {
  integer: (text) => `substr(ltrim(${text}, '-'), 1, instr(ltrim(${text}, '-') || '.', '.') - 1)`,
  fraction: (text) => `rtrim(substr(${text}, instr(${text} || '.', '.') + 1), '0')`,
  isDecimal: (text) => `${text} regexp '${decimalPattern}'`,
};

/** A bound with a fraction would be rounded to a binary one; between whole numbers the next whole number says the same. */
function compareInteger(column: string, comparison: Comparison, { negative, integer, fraction }: Decimal): string {
  const whole = `${negative ? '-' : ''}${integer}`;
  if (fraction === '') return `${column} ${comparison} ${whole}`;
  // Cutting the fraction off leads towards zero: to the greatest smaller number, or below zero to the least greater one.
  if (comparison.startsWith('>')) return `${column} ${negative ? '>=' : '>'} ${whole}`;
  return `${column} ${negative ? '<' : '<='} ${whole}`;
}

/** ISO 8601 sorts as text, except for infinity, years before Christ, and years of more than four digits. */
function compareDate(column: string, comparison: Comparison, constant: string): string {
  const isMore = (more: boolean): string => String(comparison.startsWith(more ? '>' : '<'));
  return `(case when ${column} is null then null
    when ${column} = 'infinity' or instr(${column}, '-') > 5 and ${column} not like '% BC' then ${isMore(true)}
    when ${column} = '-infinity' or ${column} like '% BC' then ${isMore(false)}
    else ${column} ${comparison} ${quoteLiteral(constant)} end)`;
}
