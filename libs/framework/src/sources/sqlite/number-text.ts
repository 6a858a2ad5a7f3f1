import type { SqliteValue, ToText } from './portable-value.ts';

const exactlyWhole = 2n ** 53n;

/** All digits that tell a double from its neighbours. */
export const doubleText: ToText = (value) => {
  const number = asDouble(value);
  if (number === undefined) return undefined;
  return Object.is(number, -0) ? '-0' : String(number);
};

/** A `real` of four bytes: the number itself, or the decimal that stands for it. */
export function realText(lossy: boolean): ToText {
  return (value) => {
    const number = asDouble(value);
    if (number === undefined) return undefined;
    const nearest = Math.fround(number);
    const shortest = shortestReal(nearest);
    const isExact = number === nearest || number === shortest;
    return isExact || lossy ? doubleText(shortest) : undefined;
  };
}

/** Six to nine digits tell a number of four bytes from its neighbours. */
function shortestReal(number: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const shorter = Number(number.toPrecision(digits));
    if (Math.fround(shorter) === number) return shorter;
  }
  return Number.isFinite(number) ? Number(number.toPrecision(9)) : number;
}

function asDouble(value: SqliteValue): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'bigint') return undefined;
  return value <= exactlyWhole && value >= -exactlyWhole ? Number(value) : undefined;
}
