import type { RejectReason } from './raw-rows.ts';

/** A value that has no text, with the reason. */
export interface NoText {
  readonly reason: RejectReason;
}

/** The same for a column of JSON, in which a text stands in quotes. @returns null for null and undefined */
export function jsonOfValue(value: unknown): string | null | NoText {
  if (typeof value === 'string' && value.isWellFormed()) return JSON.stringify(value);
  return typeof value === 'object' && value !== null ? jsonOfObject(value) : textOfValue(value);
}

/**
 * The text of a value that code gave, as every source without types gives its values; what it means is judged later.
 *
 * @returns null for null and undefined
 * @example
 * ```ts
 * textOfValue(new Date(0)); // '1970-01-01T00:00:00.000Z'
 * textOfValue(Uint8Array.of(255)); // '\\xff'
 * textOfValue(2 ** 60); // { reason: 'out_of_range' }: a number this big has lost digits already
 * ```
 */
export function textOfValue(value: unknown): string | null | NoText {
  switch (typeof value) {
    case 'undefined':
      return null;
    case 'string':
      return value.isWellFormed() ? value : { reason: 'invalid_text' };
    case 'number':
      return Number.isInteger(value) && !Number.isSafeInteger(value) ? { reason: 'out_of_range' } : String(value);
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'object':
      return value === null ? null : textOfObject(value);
    default:
      return { reason: 'wrong_type' };
  }
}

function textOfObject(value: object): string | NoText {
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  const json = jsonOfObject(value);
  // A date, and whatever else says its own text.
  return typeof json === 'string' && json.startsWith('"') ? (JSON.parse(json) as string) : json;
}

function jsonOfObject(value: object): string | NoText {
  try {
    const json = JSON.stringify(value) as string | undefined;
    // A date that is none becomes null, and a function nothing.
    return json === undefined || json === 'null' ? { reason: 'wrong_type' } : json;
  } catch {
    // A circle, or a bigint in it.
    return { reason: 'wrong_type' };
  }
}
