import type { ColumnType } from '../../model/column-type.ts';
import { decimalDigits } from './column-types.ts';

const notFinite = ['NaN', 'Infinity', '-Infinity'];

/**
 * What these servers have no form for, in a column that may lose it: numbers that are not finite, and dates of infinity,
 * before Christ or after 9999. Everything else keeps its refusal: a text that is too long is never cut.
 *
 * @param value SQL
 * @returns the condition, in SQL, under which the value is kept; undefined where every one is
 */
export function keptCondition(type: ColumnType, value: string): string | undefined {
  switch (lacking(type)) {
    case 'not finite':
      return `${value} not in (${notFinite.map((word) => `'${word}'`).join(', ')})`;
    case 'far dates':
      return `${value} like '____-%' and ${value} not like '%BC'`;
    case undefined:
      return undefined;
  }
}

/** The same as a test of a portable text. */
export function keptTest(type: ColumnType): ((text: string) => boolean) | undefined {
  switch (lacking(type)) {
    case 'not finite':
      return (text) => !notFinite.includes(text);
    case 'far dates':
      return (text) => text[4] === '-' && !text.endsWith('BC');
    case undefined:
      return undefined;
  }
}

/** Which values of a type the servers lack. A decimal that is kept as text has them all. */
export function lacking(type: ColumnType): 'not finite' | 'far dates' | undefined {
  switch (type.kind) {
    case 'real':
    case 'double':
      return 'not finite';
    case 'numeric':
      return type.precision === undefined || type.precision > decimalDigits ? undefined : 'not finite';
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return 'far dates';
    default:
      return undefined;
  }
}
