import type { ColumnType } from './column-type.ts';

const integers = ['smallint', 'integer', 'bigint'];
/** Digits that hold every value of an integer type. */
const integerDigits: Readonly<Record<string, number>> = { smallint: 5, integer: 10, bigint: 19 };
const withFractions = ['time', 'timetz', 'timestamp', 'timestamptz', 'interval'];

/** True where every value of the one type is the same value in the other. */
export function isWidening(from: ColumnType, to: ColumnType): boolean {
  if (from.kind === 'array' && to.kind === 'array') return isWidening(from.of, to.of);
  if (integers.includes(from.kind) && integers.includes(to.kind)) {
    return integers.indexOf(from.kind) <= integers.indexOf(to.kind);
  }
  if (integers.includes(from.kind) && to.kind === 'numeric') {
    return to.precision === undefined || to.precision - (to.scale ?? 0) >= (integerDigits[from.kind] ?? Infinity);
  }
  if (from.kind === 'real' && to.kind === 'double') return true;
  if (from.kind === 'numeric' && to.kind === 'numeric') {
    if (to.precision === undefined) return true;
    if (from.precision === undefined) return false;
    const [fromScale, toScale] = [from.scale ?? 0, to.scale ?? 0];
    return toScale >= fromScale && to.precision - toScale >= from.precision - fromScale;
  }
  if (from.kind === 'varchar' && to.kind === 'varchar') {
    return to.length === undefined || (from.length !== undefined && from.length <= to.length);
  }
  if (from.kind === 'varchar' && to.kind === 'text') return true;
  // Whatever a type is, its text says it all.
  if (from.kind === 'named' && to.kind === 'text') return true;
  if (from.kind === 'text' && to.kind === 'varchar') return to.length === undefined;
  if (from.kind === to.kind && withFractions.includes(from.kind)) return fractionDigits(from) <= fractionDigits(to);
  return JSON.stringify(from) === JSON.stringify(to);
}

function fractionDigits(type: ColumnType): number {
  return ('precision' in type ? type.precision : undefined) ?? 6;
}

/** True where a value of the one type can be brought into the other by rounding it or by cutting its end. */
export function isShortening(from: ColumnType, to: ColumnType): boolean {
  if (from.kind === 'array' && to.kind === 'array') return isShortening(from.of, to.of);
  if (from.kind === 'numeric') return ['numeric', 'double', 'real'].includes(to.kind);
  if (from.kind === 'double') return to.kind === 'real';
  if (to.kind === 'varchar') return ['text', 'varchar', 'char', 'named'].includes(from.kind);
  return from.kind === to.kind && withFractions.includes(from.kind);
}
