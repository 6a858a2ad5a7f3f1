import type { ColumnType } from '../../model/column-type.ts';
import type { ToText } from './portable-value.ts';

const day = String.raw`(\d{4})-(\d\d)-(\d\d)`;
const clock = String.raw`(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?`;
const dayPattern = new RegExp(`^${day}$`);
const clockPattern = new RegExp(`^${clock}$`);
const instantPattern = new RegExp(`^${day}(?:[ T]${clock}\\s*(Z|[+-]\\d\\d:\\d\\d)?)?$`, 'i');
/** PostgreSQL's texts for what ISO 8601 has no form for; our own targets keep them so. */
const beyond = /^-?infinity$|^\d{4,}-\d\d-\d\d[\d :.+-]* BC$|^\d{5,}-\d\d-\d\d[T \d:.+Z-]*$/;

/** `2024-02-29`, a day that there is. */
export const dayText: ToText = (value) => {
  if (typeof value !== 'string') return undefined;
  const match = dayPattern.exec(value);
  if (!match) return beyond.test(value) ? value : undefined;
  return isDay(match) ? value : undefined;
};

/** `23:59:59.5`, as PostgreSQL writes it. */
export const timeText: ToText = (value) => {
  const [, hour, minute, second = '00', fraction = ''] =
    (typeof value === 'string' && clockPattern.exec(value)) || ([] as (string | undefined)[]);
  if (hour === undefined) return undefined;
  const whole = `${hour}:${minute}:${second}`;
  const rest = fraction.replace(/0+$/, '');
  const isTime = isClock(hour, minute, second) || (whole === '24:00:00' && rest === '');
  return isTime ? `${whole}${rest === '' ? '' : `.${rest}`}` : undefined;
};

/**
 * An instant as SQLite's own functions write it, or ISO 8601. Without a zone it is UTC, as those functions take it; a
 * `timestamp` has none.
 */
export function instantText(
  { kind, precision = 6 }: Extract<ColumnType, { kind: 'time' | 'timetz' | 'timestamp' | 'timestamptz' | 'interval' }>,
  lossy: boolean,
): ToText {
  return (value) => {
    if (typeof value !== 'string') return undefined;
    const match = instantPattern.exec(value);
    if (!match) return beyond.test(value) ? value : undefined;
    const [, year, month, date, hour = '00', minute = '00', second = '00', fraction = '', zone] = match;
    if (!isDay(match) || !isClock(hour, minute, second)) return undefined;
    if (kind === 'timestamp' && zone !== undefined) return undefined;
    const digits = fraction.padEnd(6, '0');
    if (!lossy && /[1-9]/.test(digits.slice(precision))) return undefined;
    const local = `${year}-${month}-${date}T${hour}:${minute}:${second}`;
    const isUtc = zone === undefined || /^(z|[+-]00:00)$/i.test(zone);
    const rounded = roundedMicroseconds(digits, precision);
    const moved = isUtc && rounded < 1_000_000 ? local : shifted(`${local}${isUtc ? 'Z' : zone}`, rounded >= 1_000_000);
    if (moved === undefined) return undefined;
    const text = `${moved}.${String(rounded % 1_000_000).padStart(6, '0')}`;
    return kind === 'timestamp' ? text : `${text}Z`;
  };
}

function roundedMicroseconds(digits: string, precision: number): number {
  const unit = 10 ** (6 - precision);
  return Math.round(Number(digits) / unit) * unit;
}

/** In UTC, and a second later where a fraction was rounded up to one. */
function shifted(instant: string, addsSecond: boolean): string | undefined {
  const moved = new Date(Date.parse(instant) + (addsSecond ? 1000 : 0)).toISOString();
  return moved.length === 24 ? moved.slice(0, 19) : undefined;
}

function isDay([, year, month, date]: readonly (string | undefined)[]): boolean {
  const [y, m, d] = [Number(year), Number(month), Number(date)];
  if (y < 1 || m < 1 || m > 12 || d < 1) return false;
  const leap = (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;
  return d <= (m === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(m) ? 30 : 31);
}

function isClock(hour = '', minute = '', second = ''): boolean {
  return Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
}
