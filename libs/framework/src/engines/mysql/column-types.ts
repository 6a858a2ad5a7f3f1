import { parseColumnType, type ColumnType } from '../../model/column-type.ts';
import type { Flavour } from './flavour.ts';

/** Longest `varchar`: a row takes 65,535 bytes, and a character up to four. */
const varcharCharacters = 16_383;
/** The most digits of a `decimal`. */
export const decimalDigits = 65;

/**
 * How these servers keep each type so that no value changes. What they have no form for is kept as PostgreSQL's text;
 * `json` too, because MySQL's own rounds numbers and sorts keys. A `real` is kept as a double: the digits stay those
 * of the source, where `float` shows six of them and ends before PostgreSQL's greatest. `char(n)` would lose its
 * padding.
 */
export function columnType(type: ColumnType, flavour: Flavour): string {
  switch (type.kind) {
    case 'boolean':
      return 'tinyint(1)';
    case 'smallint':
    case 'bigint':
    case 'date':
      return type.kind;
    case 'integer':
      return 'int';
    case 'real':
    case 'double':
      return 'double';
    case 'numeric':
      return decimalType(type, flavour);
    case 'varchar':
    case 'char':
      return type.length !== undefined && type.length <= varcharCharacters ? `varchar(${type.length})` : 'longtext';
    case 'uuid':
      return 'char(36)';
    case 'bytea':
      return 'longblob';
    case 'timestamp':
    case 'timestamptz':
      return withDigits('datetime', type.precision ?? 6);
    case 'time':
      return withDigits('time', type.precision ?? 6);
    default:
      return 'longtext';
  }
}

function decimalType({ precision, scale = 0 }: { precision?: number; scale?: number }, flavour: Flavour): string {
  const fits = precision !== undefined && precision <= decimalDigits && scale >= 0 && scale <= precision;
  return fits && scale <= flavour.decimalScale ? `decimal(${precision},${scale})` : 'longtext';
}

function withDigits(name: string, digits: number): string {
  return digits === 0 ? name : `${name}(${digits})`;
}

/** What a type of the catalogue can hold, in the common vocabulary. */
export function portableType(type: string): ColumnType {
  const [, name = '', size] = /^(\w+)(?:\((.*)\))?/.exec(type) ?? [];
  const precision = Number(size ?? 0);
  switch (name) {
    case 'tinyint':
      return { kind: 'boolean' };
    case 'double':
      return { kind: 'double' };
    case 'longtext':
      return { kind: 'text' };
    case 'longblob':
      return { kind: 'bytea' };
    case 'datetime':
      return { kind: 'timestamp', precision };
    case 'time':
      return { kind: 'time', precision };
    default:
      return parseColumnType(type);
  }
}

/** A type as the catalogue shows it, without the display width that only some versions show. */
export function withoutWidth(type: string): string {
  return type.toLowerCase().replace(/^(smallint|int|bigint)\(\d+\)/, '$1');
}

/** There is one kind of index that a datakit can rely on; others (gist, gin …) have no counterpart and are left out. */
export function indexMethod(method: string | undefined): string | undefined {
  return method === undefined || method.toLowerCase() === 'btree' ? 'btree' : undefined;
}
