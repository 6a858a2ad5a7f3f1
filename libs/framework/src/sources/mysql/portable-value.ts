import { quote } from '../../engines/mysql/quote.ts';
import type { ColumnType } from '../../model/column-type.ts';
import type { WireColumn, WireFormat } from '../../model/wire-format.ts';
import type { PortableValue } from '../row-line.ts';
import { listOf } from './json-list.ts';
import type { CatalogueColumn } from './source-column.ts';

const bare: readonly string[] = ['smallint', 'integer', 'bigint', 'numeric', 'real', 'double'];

/**
 * The portable text of a column, exact, or an error that ends the statement: what a type has no form for is never sent as
 * another value.
 */
export function portableValue(
  { name, type, lossy }: WireColumn,
  column: CatalogueColumn,
  format: WireFormat,
): PortableValue {
  const value = quote(column.name);
  const inJson = format === 'json-lines';
  const plain = (sql: string): PortableValue => ({ name, holds: 'plain', sql });
  switch (type.kind) {
    case 'boolean': {
      const number = checked(`${value} in (0, 1)`, value, `${value} + 0`);
      const word = `if(${value} is null, null, if(${number}, 'true', 'false'))`;
      return inJson ? { name, holds: 'json', sql: word } : plain(number);
    }
    case 'bytea': {
      const hex = `lower(hex(${value}))`;
      // The backslash of PostgreSQL's form is doubled in the framing of its rows, and in JSON.
      return plain(inJson || format === 'postgres-text' ? `concat('\\\\\\\\x', ${hex})` : hex);
    }
    case 'date':
      return plain(checked(isDay(value), value, value));
    case 'timestamp':
    case 'timestamptz': {
      const digits = type.precision !== undefined && lossy ? type.precision : 6;
      const rounded = digits === 6 ? value : `cast(${value} as datetime(${digits}))`;
      const text = `insert(cast(${rounded} as datetime(6)), 11, 1, 'T')`;
      return plain(checked(isDay(value), value, type.kind === 'timestamptz' ? `concat(${text}, 'Z')` : text));
    }
    case 'time':
      return plain(checked(`${value} between '00:00:00' and '24:00:00'`, value, timeText(value, column)));
    case 'interval':
      return plain(timeText(value, column));
    case 'uuid':
      return plain(uuid(value, column));
    case 'array':
      return { name, holds: inJson ? 'json' : 'text', sql: listOf(value, type.of, format) };
    case 'json':
    case 'jsonb':
      // Inside of its texts there are no line breaks; between its parts there may be.
      return inJson
        ? { name, holds: 'json', sql: `replace(replace(${bytes(value, column)}, '\\n', ' '), '\\r', ' ')` }
        : { name, holds: 'text', sql: bytes(value, column) };
    default:
      if (bare.includes(type.kind)) return { ...plain(number(value, type, column, lossy)), isNumber: true };
      return { name, holds: 'text', sql: text(value, type, column, lossy) };
  }
}

function number(value: string, type: ColumnType, { dataType }: CatalogueColumn, lossy = false): string {
  // As its own text a float shows six digits, and a double with a scale only that many; all are in its double.
  if (dataType === 'float' || dataType === 'double') {
    const double = `cast(${value} as double)`;
    return type.kind === 'real' && dataType === 'double' && lossy ? `cast(cast(${value} as float) as double)` : double;
  }
  if (type.kind === 'numeric' && dataType === 'decimal') {
    return lossy && type.scale !== undefined ? `round(${value}, ${type.scale})` : value;
  }
  // Without the zeros of zerofill, and a year as a number.
  return `${value} + 0`;
}

function text(value: string, type: ColumnType, column: CatalogueColumn, lossy = false): string {
  if (column.dataType === 'bit') return `lpad(bin(${value} + 0), ${column.digits ?? 1}, '0')`;
  const whole = bytes(value, column);
  const length = type.kind === 'varchar' && lossy ? type.length : undefined;
  return length === undefined ? whole : `cast(left(convert(${value} using utf8mb4), ${length}) as binary)`;
}

/** Bytes of UTF-8. Columns in it need no conversion, which would take as long as reading them. */
function bytes(value: string, { charset }: CatalogueColumn): string {
  return charset === 'utf8mb4' || charset === 'utf8mb3' || charset === 'utf8'
    ? `cast(${value} as binary)`
    : `cast(convert(${value} using utf8mb4) as binary)`;
}

/** As PostgreSQL writes it: without zeros at the end of a fraction. */
function timeText(value: string, { fraction }: CatalogueColumn): string {
  return fraction ? `trim(trailing '.' from trim(trailing '0' from cast(${value} as char)))` : `cast(${value} as char)`;
}

const uuidPattern = '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$';

function uuid(value: string, { dataType }: CatalogueColumn): string {
  if (dataType === 'uuid') return `cast(${value} as char)`;
  return checked(`${value} regexp '${uuidPattern}'`, value, `lower(${value})`);
}

/** These servers keep days that no calendar has: `0000-00-00`, `2024-02-00`. */
function isDay(value: string): string {
  return `year(${value}) > 0 and month(${value}) > 0 and dayofmonth(${value}) > 0`;
}

/** A number too great for a double is the one thing that ends a SELECT on all of these servers. */
function checked(condition: string, value: string, sql: string): string {
  return `if(${value} is null or (${condition}), ${sql}, exp(1000 + isnull(${value})))`;
}
