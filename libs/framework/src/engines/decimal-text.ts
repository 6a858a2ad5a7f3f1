import { parseDecimal, type Decimal } from '../model/decimal.ts';
import type { Comparison } from './value-conditions.ts';

/** How an engine takes a decimal that it keeps as text apart. */
export interface DecimalTextParts {
  /** Digits before the point, without sign. */
  integer(text: string): string;
  /** Digits after the point, without zeros at the end. */
  fraction(text: string): string;
  /** The text is a decimal as PostgreSQL writes it. */
  isDecimal(text: string): string;
}

/**
 * Compares a decimal that is kept as text with a constant, exactly, however many digits they have: a cast would round.
 * What is no decimal compares with nothing, as NaN does.
 */
export function compareDecimalText(
  text: string,
  comparison: Comparison,
  constant: string,
  parts: DecimalTextParts,
): string {
  const decimal = parseDecimal(constant) as Decimal;
  const isMore = (more: boolean): string => String(comparison.startsWith(more ? '>' : '<'));
  const sameSign = (flipped: boolean): string =>
    compareMagnitude(text, flipped ? opposite[comparison] : comparison, decimal, parts);
  return `(case when ${text} is null then null
    when ${text} = 'Infinity' then ${isMore(true)} when ${text} = '-Infinity' then ${isMore(false)}
    when not (${parts.isDecimal(text)}) then false
    when ${text} like '-%' then ${decimal.negative ? sameSign(true) : isMore(false)}
    else ${decimal.negative ? isMore(true) : sameSign(false)} end)`;
}

const opposite = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '=': '=' } as const;

/** More digits before the point are more; as many compare as text, and so do the digits after it. */
function compareMagnitude(text: string, comparison: Comparison, decimal: Decimal, parts: DecimalTextParts): string {
  const integer = parts.integer(text);
  const isSame = `${integer} = '${decimal.integer}'`;
  const last = `${parts.fraction(text)} ${comparison} '${decimal.fraction}'`;
  if (comparison === '=') return `(${isSame} and ${last})`;
  const strictly = comparison[0] as '<' | '>';
  const length = decimal.integer.length;
  return `(length(${integer}) ${strictly} ${length} or length(${integer}) = ${length}
      and (${integer} ${strictly} '${decimal.integer}' or ${isSame} and ${last}))`;
}

/** The form of PostgreSQL, which writes neither exponents nor needless zeros before the point. */
export const decimalPattern = '^-?(0|[1-9][0-9]*)([.][0-9]+)?$';
