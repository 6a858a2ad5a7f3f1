import type { ColumnType } from './column-type.ts';
import { formatDecimal, parseDecimal, type Decimal } from './decimal.ts';
import { parseTimeSpan } from './time-span.ts';

/** How far to go back from a cursor's value. */
export type CursorLag =
  { readonly kind: 'time'; readonly ms: number } | { readonly kind: 'number'; readonly amount: Decimal };

const dayMs = 86_400_000;
/** Before it there is no portable form. */
const yearOne = Date.parse('0001-01-01T00:00:00Z');
const integerBits: Readonly<Record<string, number>> = { smallint: 16, integer: 32, bigint: 64 };

/** @returns undefined where values of the type cannot go back by it */
export function parseCursorLag(lag: string | number, type: ColumnType): CursorLag | undefined {
  if (['timestamp', 'timestamptz', 'date'].includes(type.kind)) {
    const ms = parseTimeSpan(String(lag));
    return ms === undefined || (type.kind === 'date' && ms % dayMs !== 0) ? undefined : { kind: 'time', ms };
  }
  if (type.kind !== 'numeric' && !Object.hasOwn(integerBits, type.kind)) return undefined;
  const amount = parseDecimal(String(lag));
  const fits = amount && !amount.negative && (type.kind === 'numeric' || amount.fraction === '');
  return fits ? { kind: 'number', amount } : undefined;
}

/**
 * A value less the lag, in portable form, without rounding.
 * @returns undefined where that is before everything that the type can hold, or that has a portable form
 */
export function goBack(value: string, type: ColumnType, lag: CursorLag): string | undefined {
  if (lag.kind === 'number') return minus(value, type, lag.amount);
  // Milliseconds are taken off; the digits behind them stay as they are.
  const [, date, time = '00:00:00', fraction = ''] =
    /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(\.\d+)?Z?)?$/.exec(value) ?? [];
  const earlier = new Date(Date.parse(`${date}T${time}Z`) - Math.ceil(lag.ms / 1000) * 1000);
  if (Number.isNaN(earlier.getTime()) || earlier.getTime() < yearOne) return undefined;
  const iso = earlier.toISOString().slice(0, 19);
  if (type.kind === 'date') return iso.slice(0, 10);
  return `${iso}${fraction}${type.kind === 'timestamptz' ? 'Z' : ''}`;
}

function minus(value: string, type: ColumnType, amount: Decimal): string | undefined {
  const from = parseDecimal(value);
  if (!from) return undefined;
  const digits = Math.max(from.fraction.length, amount.fraction.length);
  const difference = scaled(from, digits) - scaled(amount, digits);
  const least = integerBits[type.kind];
  if (least !== undefined && difference < -(2n ** BigInt(least - 1))) return undefined;
  const text = String(difference < 0n ? -difference : difference).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  const written = digits === 0 ? whole : `${whole}.${text.slice(-digits)}`;
  return formatDecimal(parseDecimal(`${difference < 0n ? '-' : ''}${written}`) as Decimal);
}

function scaled({ negative, integer, fraction }: Decimal, digits: number): bigint {
  const amount = BigInt(integer + fraction.padEnd(digits, '0'));
  return negative ? -amount : amount;
}
