import type { ColumnType } from '../model/column-type.ts';
import { textLiteral } from './literal.ts';

const literal = /^'((?:[^']|'')*)'$/s;
const number = /^-?\d+(?:\.\d+)?$/;
const texts = ['text', 'varchar', 'char'];
const quotedTypes = ['uuid', 'date', 'time', 'timestamp', 'timestamptz', 'json', 'jsonb', 'numeric'];

/**
 * Writes a default that means the same on every engine: a literal, or the time. Others stay with the source, which sends
 * every value anyway.
 *
 * @param expression as an engine's catalogue shows it, in its normal form
 * @returns what is chained to the property's builder; undefined where the default is more than that
 */
export function chainDefault(expression: string, type: ColumnType): string | undefined {
  if (/^(now\(\)|\(?current_timestamp(\(\d?\))?\)?|utc_timestamp\(\d?\))$/i.test(expression)) {
    return ['timestamp', 'timestamptz'].includes(type.kind) ? `.defaultRaw('now()')` : undefined;
  }
  const text = literal.exec(expression)?.[1]?.replaceAll("''", "'");
  if (type.kind === 'boolean' && /^(true|false|1|0)$/i.test(expression))
    return `.default(${/^(true|1)$/i.test(expression)})`;
  if (['smallint', 'integer', 'double', 'real'].includes(type.kind)) {
    const digits = text ?? expression;
    return number.test(digits) ? `.default(${Number(digits)})` : undefined;
  }
  if (['bigint', 'numeric'].includes(type.kind)) {
    const digits = text ?? expression;
    return number.test(digits) ? `.defaultRaw(${textLiteral(digits)})` : undefined;
  }
  if (type.kind === 'array' && text === '{}') return '.default([])';
  if (text === undefined || text.includes('\0')) return undefined;
  if (texts.includes(type.kind)) return `.default(${textLiteral(text)})`;
  return quotedTypes.includes(type.kind) ? `.defaultRaw(${textLiteral(expression)})` : undefined;
}
