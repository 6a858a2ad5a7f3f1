import { DatakitError } from '../../errors/datakit-error.ts';
import type { ColumnStructure, TableStructure } from '../table-structure.ts';

/** Most bytes of one key, and of the short columns of one row. @see https://dev.mysql.com/doc/refman/8.0/en/innodb-limits.html */
const keyBytes = 3_072;
const rowBytes = 65_535;
const bytesPerCharacter = 4;
/** An index that only finds rows need not hold more of a text. */
const searchCharacters = 255;

/**
 * Gives texts a length where a key needs one. A key must hold whole values, so a text in a primary key, a unique index
 * or a relation becomes a `varchar` as long as the key allows: 768 characters alone, shared evenly among several.
 * A longer value is refused by the load. Declared lengths that do not fit in one row become texts without a length.
 *
 * @throws TYPE_UNSUPPORTED where the declared lengths do not fit in the key
 */
export function shapeTable(table: TableStructure): TableStructure {
  const keys = [
    table.primaryKey,
    ...table.indexes.filter(({ unique }) => unique).map(({ columns }) => columns),
    ...table.foreignKeys.map(({ columns }) => columns),
  ];
  const lengths = new Map<string, number>();
  for (const key of keys) {
    const columns = key.flatMap((name) => table.columns.filter((column) => column.name === name));
    const share = shareOf(columns);
    for (const { name, type } of columns) {
      if (isLong(type)) lengths.set(name, Math.min(share, lengths.get(name) ?? share));
    }
    if (columns.length > 0 && share < 1) throw tooLong(table, key);
  }
  const inKeys = new Set(keys.flat());
  const columns = table.columns.map((column) => {
    const length = lengths.get(column.name);
    return length === undefined ? column : { ...column, type: withLength(column.type, length) };
  });
  return { ...table, columns: fitRow(columns, inKeys) };
}

/** How many characters of a column an index that only finds rows takes; undefined for all. */
export function searchPrefix(column: ColumnStructure, all: readonly ColumnStructure[]): number | undefined {
  const texts = all.filter(({ type }) => isLong(type) || stringCharacters(type) > searchCharacters);
  if (!texts.includes(column)) return undefined;
  const rest = all.filter((each) => !texts.includes(each)).reduce((sum, { type }) => sum + typeBytes(type), 0);
  return Math.max(1, Math.min(searchCharacters, Math.floor((keyBytes - rest) / bytesPerCharacter / texts.length)));
}

/** Characters for each column without a length, after the others have theirs. */
function shareOf(columns: readonly ColumnStructure[]): number {
  const long = columns.filter(({ type }) => isLong(type)).length;
  const left = keyBytes - columns.reduce((sum, { type }) => sum + (isLong(type) ? 0 : typeBytes(type)), 0);
  return long === 0 ? left + 1 : Math.floor(left / bytesPerCharacter / long);
}

function isLong(type: string): boolean {
  return /^long(text|blob)/.test(type);
}

function stringCharacters(type: string): number {
  return Number(/^(?:var)?char\((\d+)\)/.exec(type)?.[1] ?? 0);
}

function typeBytes(type: string): number {
  if (/^varbinary/.test(type)) return Number(/\d+/.exec(type)?.[0]);
  return stringCharacters(type) * bytesPerCharacter || (/^decimal/.test(type) ? 30 : 8);
}

function withLength(type: string, length: number): string {
  return type.startsWith('longblob') ? `varbinary(${length * bytesPerCharacter})` : `varchar(${length})`;
}

function fitRow(columns: readonly ColumnStructure[], inKeys: ReadonlySet<string>): readonly ColumnStructure[] {
  const bytes = columns.reduce((sum, { type }) => sum + (isLong(type) ? 12 : typeBytes(type) + 2), 0);
  if (bytes <= rowBytes) return columns;
  const free = columns.filter(({ name, type }) => /^varchar/.test(type) && !inKeys.has(name));
  const [longest] = free.sort((a, b) => stringCharacters(b.type) - stringCharacters(a.type));
  if (!longest) return columns;
  const shorter = columns.map((column) => (column === longest ? { ...column, type: 'longtext' } : column));
  return fitRow(shorter, inKeys);
}

function tooLong({ table }: TableStructure, key: readonly string[]): DatakitError {
  return new DatakitError({
    code: 'TYPE_UNSUPPORTED',
    message: `The key (${key.join(', ')}) of ${table.name} is longer than the ${keyBytes} bytes that MySQL and MariaDB take.`,
    hint: 'Declare shorter texts, or make the key of fewer columns.',
  });
}
