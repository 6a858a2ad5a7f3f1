import type { EntityColumn } from '../engines/entity-metadata.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import type { ColumnType } from '../model/column-type.ts';
import type { Expectation, RangeEnds } from '../model/expectation.ts';
import { chance, uuidOf, wholeBetween } from './chance.ts';
import type { TableShape } from './table-shape.ts';

const firstDay = Date.UTC(2005, 0, 1);
const dayMs = 86_400_000;
/** Between two rows; no divisor of a day, so that rows fall on all hours. */
const stepMs = 37 * 60_000;

/**
 * A value that a column may hold in the row of that number: of its type, among those that are accepted, within its range,
 * different in each row where it has to be.
 *
 * @throws DATAKIT_INVALID for a pattern or a type of which nobody knows a value: the test gives it then
 */
export function validValue(column: EntityColumn, table: TableShape, row: number, seed: number): unknown {
  const about = table.expectations.filter(({ columns }) => (columns as readonly string[]).includes(column.name));
  const words = [seed, table.name, column.name, row];
  const accepted = about.find(({ kind }) => kind === 'acceptedValues') as
    Extract<Expectation, { kind: 'acceptedValues' }> | undefined;
  const values = accepted?.values ?? column.values;
  if (values) return values[wholeBetween(0, values.length - 1, ...words)];
  const isUnique = table.unique.has(column.name) || table.primaryKey.includes(column.name);
  const ends = (about.find(({ kind }) => kind === 'range') as { ends?: RangeEnds } | undefined)?.ends ?? {};
  const patterns = about.flatMap((each) => (each.kind === 'matches' ? [new RegExp(each.pattern)] : []));
  const value = valueOf(column, { row, words, isUnique, ends, place: table.columns.indexOf(column) });
  if (value === undefined) throw unknowable(table, column);
  if (patterns.length === 0) return value;
  const number = row + 1;
  const texts = [
    String(value),
    `name.${number}@example.org`,
    `${number}`,
    `A${number}`,
    `+1 555 ${String(number).padStart(7, '0')}`,
  ];
  const fitting = texts.find((text) => patterns.every((pattern) => pattern.test(text)));
  if (fitting === undefined) throw unknowable(table, column);
  return fitting;
}

interface Wish {
  readonly row: number;
  readonly words: readonly (string | number)[];
  readonly isUnique: boolean;
  readonly ends: RangeEnds;
  /** Later columns of a row have later times. */
  readonly place: number;
}

function valueOf({ name, type }: Pick<EntityColumn, 'name' | 'type'>, wish: Wish): unknown {
  const { row, words, isUnique, place } = wish;
  switch (type.kind) {
    case 'boolean':
      return chance(...words) < 0.5;
    case 'smallint':
    case 'integer':
    case 'bigint':
      return isUnique ? row + 1 : wholeBetween(...bounds(wish.ends, 1, 100), ...words);
    case 'real':
    case 'double':
      return wholeBetween(...bounds(wish.ends, 1, 100), ...words);
    case 'numeric':
      return decimal(type, wish);
    case 'text':
    case 'varchar':
    case 'char':
      return text(name, row, 'length' in type ? type.length : undefined);
    case 'uuid':
      return uuidOf(row, ...words);
    case 'date':
      return new Date(timeWithin(wish, (isUnique ? row : row % 730) * dayMs)).toISOString().slice(0, 10);
    case 'timestamp':
    case 'timestamptz':
      return new Date(timeWithin(wish, row * stepMs + place * 60_000)).toISOString();
    case 'time':
      return '12:30:00';
    case 'interval':
      return '1 day';
    case 'json':
    case 'jsonb':
      return { number: row + 1 };
    case 'bytea':
      return new Uint8Array([row & 0xff]);
    case 'array':
      return [valueOf({ name, type: type.of }, wish)];
    case 'named':
      return namedValues[type.name];
    default:
      return undefined;
  }
}

/** Types that only PostgreSQL has; others keep their text. */
const namedValues: Readonly<Record<string, string>> = {
  tsvector: "'word':1",
  inet: '127.0.0.1',
  cidr: '127.0.0.0/8',
  macaddr: '08:00:2b:01:02:03',
  int4range: '[1,5)',
  int8range: '[1,5)',
  numrange: '[1,5)',
  daterange: '[2005-01-01,2005-02-01)',
};

function bounds({ min, above, max, below }: RangeEnds, least: number, greatest: number): [number, number] {
  const from =
    min !== undefined ? Math.ceil(Number(min)) : above !== undefined ? Math.floor(Number(above)) + 1 : undefined;
  const to =
    max !== undefined ? Math.floor(Number(max)) : below !== undefined ? Math.ceil(Number(below)) - 1 : undefined;
  const low = from ?? (to === undefined ? least : Math.min(least, to));
  return [low, to ?? Math.max(greatest, low)];
}

function decimal({ precision = 8, scale = 2 }: Extract<ColumnType, { kind: 'numeric' }>, wish: Wish): string {
  const most = 10 ** Math.min(precision - scale, 3) - 1;
  const [low, high] = bounds(wish.ends, 0, most);
  const whole = wish.isUnique ? wish.row + 1 : wholeBetween(low, Math.max(low, high - 1), ...wish.words);
  const fraction = low === high ? 0 : wholeBetween(0, 10 ** Math.min(scale, 9) - 1, 'fraction', ...wish.words);
  return scale === 0
    ? String(whole)
    : `${whole}.${String(fraction).padStart(Math.min(scale, 9), '0').padEnd(scale, '0')}`;
}

/** `title 12`; the number stays where the column is short. */
function text(name: string, row: number, length = Infinity): string {
  const number = (row + 1).toString(length < 6 ? 36 : 10);
  return `${name.slice(0, Math.max(0, length - number.length - 1))} ${number}`.slice(-length).trim();
}

function timeWithin({ ends }: Wish, after: number): number {
  const ms = (bound: RangeEnds['min']): number =>
    bound === undefined ? NaN : Date.parse(new Date(bound as string).toISOString());
  const first = ms(ends.min ?? ends.above);
  const last = ms(ends.max ?? ends.below);
  const start = Number.isNaN(first)
    ? Number.isNaN(last)
      ? firstDay
      : Math.min(firstDay, last - 365 * dayMs)
    : first + 1000;
  return Number.isNaN(last) ? start + after : start + (after % Math.max(1, last - start));
}

function unknowable(table: TableShape, column: EntityColumn): DatakitError {
  return new DatakitError({
    code: 'DATAKIT_INVALID',
    message: `No valid value of "${table.name}.${column.name}" can be made up.`,
    hint: `Give it in the test: { ${column.name}: … }.`,
  });
}
