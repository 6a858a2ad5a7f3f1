import type { ColumnType } from '../../model/column-type.ts';
import type { SqliteValue, ToText } from './portable-value.ts';

const decimal = /^([+-]?)(\d+)(?:\.(\d*))?$/;
const special = /^(NaN|-?Infinity)$/;

/**
 * A decimal of text with all its digits, a whole number, or a binary fraction that stands for a decimal: `4.99` in a
 * column of numeric affinity is kept as the double next to it, and 15 digits lead back to that.
 */
export function decimalText(type: Extract<ColumnType, { kind: 'numeric' }>, lossy: boolean): ToText {
  return (value) => {
    const text = digitsOf(value);
    if (text === undefined) return undefined;
    if (special.test(text)) return type.precision === undefined ? text : text === 'NaN' ? text : undefined;
    const [, sign = '', whole = '', fraction = ''] = decimal.exec(text) ?? [];
    if (whole === '') return undefined;
    return fitted({ negative: sign === '-', whole: whole.replace(/^0+(?=\d)/, ''), fraction }, type, lossy);
  };
}

interface Digits {
  readonly negative: boolean;
  readonly whole: string;
  readonly fraction: string;
}

/** With as many digits after the point as the type has, as PostgreSQL writes it. */
function fitted(
  { negative, whole, fraction }: Digits,
  { precision, scale = 0 }: { readonly precision?: number; readonly scale?: number },
  lossy: boolean,
): string | undefined {
  const written = (digits: string, after: string): string => {
    const isZero = /^0*$/.test(digits + after);
    return `${negative && !isZero ? '-' : ''}${digits}${after === '' ? '' : `.${after}`}`;
  };
  if (precision === undefined) return written(whole, fraction);
  const rest = fraction.slice(scale);
  if (/[1-9]/.test(rest) && !lossy) return undefined;
  const kept = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0')) + ((rest[0] ?? '0') >= '5' ? 1n : 0n);
  const digits = kept.toString().padStart(scale + 1, '0');
  if (kept !== 0n && kept.toString().length > precision) return undefined;
  return written(digits.slice(0, digits.length - scale), digits.slice(digits.length - scale));
}

function digitsOf(value: SqliteValue): string | undefined {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string') return value;
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  const short = Number(value.toPrecision(15));
  return short === value ? withoutExponent(String(short)) : undefined;
}

function withoutExponent(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(text) ?? [];
  if (exponent === undefined) return text;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return point >= digits.length
    ? `${sign}${digits.padEnd(point, '0')}`
    : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
