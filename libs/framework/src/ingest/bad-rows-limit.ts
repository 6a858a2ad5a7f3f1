import { DatakitError } from '../errors/datakit-error.ts';

/** How many bad rows of a table may be set aside: a number of rows, or a part of those that are read. */
export type BadRowsLimit = number | `${number}%`;

export const badRowsPattern = '^[0-9]+$|^(100([.]0+)?|[0-9]{1,2}([.][0-9]+)?)%$';

/** @throws OPTION_INVALID for anything else than `10` or `0.5%` */
export function readBadRowsLimit(limit: string | number | undefined): BadRowsLimit {
  const text = String(limit ?? 0);
  if (!new RegExp(badRowsPattern).test(text)) {
    throw new DatakitError({
      code: 'OPTION_INVALID',
      message: '--maxBadRows needs a number of rows, or a part of them.',
      hint: 'Write --maxBadRows=10, or --maxBadRows=0.5%.',
    });
  }
  return text.endsWith('%') ? (text as `${number}%`) : Number(text);
}

/** True where so many are too many. A part is compared without rounding: 0.1 % of 999 rows allows none. */
export function isOverLimit(limit: BadRowsLimit, bad: number, read: number): boolean {
  if (typeof limit === 'number') return bad > limit;
  return bad * 100 > Number(limit.slice(0, -1)) * read;
}
