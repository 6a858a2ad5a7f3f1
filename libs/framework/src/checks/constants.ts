import type { ColumnType } from '../model/column-type.ts';
import { formatDecimal, parseDecimal } from '../model/decimal.ts';

const wholeNumbers: readonly string[] = ['smallint', 'integer', 'bigint'];

/**
 * A value from a datakit in the portable form of a column's type.
 *
 * @returns undefined where it cannot be a value of that type; `numeric` bounds fit integers, too
 */
export function portableConstant(value: unknown, type: ColumnType): string | undefined {
  switch (type.kind) {
    case 'boolean':
      return typeof value === 'boolean' ? String(value) : undefined;
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'numeric':
      return exactNumber(value);
    case 'real':
    case 'double':
      return floatingNumber(value, type.kind);
    case 'date':
      return (
        instant(value)
          ?.replace(/T00:00:00\.000000Z$/, '')
          .replace(/.*T.*/, '') || undefined
      );
    case 'timestamp':
      return instant(value)?.replace('Z', '');
    case 'timestamptz':
      return instant(value);
    case 'time':
      return time(value);
    case 'uuid':
      return typeof value === 'string' && /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value)
        ? value.toLowerCase()
        : undefined;
    case 'char':
      return text(value)?.padEnd(type.length ?? 0);
    case 'text':
    case 'varchar':
    case 'named':
      return text(value);
    default:
      return undefined;
  }
}

/** True for types of whole numbers. */
export function isWholeNumber({ kind }: ColumnType): boolean {
  return wholeNumbers.includes(kind);
}

/** True for types that have an order that is the same on every engine. */
export function hasRange({ kind }: ColumnType): boolean {
  return [...wholeNumbers, 'real', 'double', 'numeric', 'date', 'time', 'timestamp', 'timestamptz'].includes(kind);
}

function exactNumber(value: unknown): string | undefined {
  // Beyond 2^53 a number is already another one than the one that was written.
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) return undefined;
  if (typeof value !== 'number' && typeof value !== 'bigint' && typeof value !== 'string') return undefined;
  const decimal = parseDecimal(String(value));
  return decimal && formatDecimal(decimal);
}

function floatingNumber(value: unknown, kind: 'real' | 'double'): string | undefined {
  if (typeof value !== 'number' && (typeof value !== 'string' || parseDecimal(value) === undefined)) return undefined;
  const number = Number(value);
  return Number.isFinite(kind === 'real' ? Math.fround(number) : number) ? String(number) : undefined;
}

/** No engine but SQLite can keep a NUL, and half a character is none. */
function text(value: unknown): string | undefined {
  return typeof value === 'string' && !value.includes('\0') && value.isWellFormed() ? value : undefined;
}

function time(value: unknown): string | undefined {
  const parts = /^([01]\d|2[0-4]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,6}))?)?$/.exec(String(value));
  if (!parts) return undefined;
  const [, hours, minutes, seconds = '00', digits = ''] = parts;
  const fraction = digits.replace(/0+$/, '');
  const written = `${hours}:${minutes}:${seconds}${fraction === '' ? '' : `.${fraction}`}`;
  return written > '24:00:00' ? undefined : written;
}

const isoPattern =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?)?$/;

/** ISO 8601 in UTC with six digits, of the years 1 to 9999, which every engine has. A text without a zone is in UTC. */
function instant(value: unknown): string | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : instant(value.toISOString());
  const [, year, month, day, hours = '00', minutes = '00', seconds = '00', digits = '', zone = 'Z'] =
    (typeof value === 'string' ? isoPattern.exec(value) : null) ?? [];
  if (year === undefined) return undefined;
  const local = `${year}-${month}-${day}T${hours}:${minutes}:${seconds}.000Z`;
  const date = new Date(local);
  // 30 February becomes 2 March instead of an error.
  if (Number.isNaN(date.getTime()) || date.toISOString() !== local) return undefined;
  const [, sign, offsetHours = 0, offsetMinutes = 0] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  const offsetMs = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000 * (sign === '-' ? -1 : 1);
  const inUtc = new Date(date.getTime() - offsetMs).toISOString();
  return /^\d{4}-/.test(inUtc) && !inUtc.startsWith('0000')
    ? inUtc.replace(/\.\d+Z$/, `.${digits.padEnd(6, '0')}Z`)
    : undefined;
}
