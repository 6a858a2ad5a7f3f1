import type { DatabaseSync } from 'node:sqlite';
import { quote } from '../../engines/sqlite/quote.ts';
import type { ColumnType } from '../../model/column-type.ts';
import type { WireColumn, WireFormat } from '../../model/wire-format.ts';
import type { PortableValue } from '../row-line.ts';
import { dayText, instantText, timeText } from './calendar-text.ts';
import { decimalText } from './decimal-text.ts';
import { listText } from './list-text.ts';
import { doubleText, realText } from './number-text.ts';

/** A value as a function of SQLite gets it. */
export type SqliteValue = bigint | number | string | Uint8Array | null;

/** Turns a value into its portable text; undefined where it is none of the type. */
export type ToText = (value: SqliteValue) => string | undefined;

const ranges: Readonly<Record<string, readonly [string, string]>> = {
  boolean: ['0', '1'],
  smallint: ['-32768', '32767'],
  integer: ['-2147483648', '2147483647'],
  bigint: ['-9223372036854775808', '9223372036854775807'],
};

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** How many functions a connection has. A function cannot be made anew while another statement still uses it. */
const functionsOf = new WeakMap<DatabaseSync, number>();

function nextNumber(database: DatabaseSync): number {
  const number = functionsOf.get(database) ?? 0;
  functionsOf.set(database, number + 1);
  return number;
}

/** Makes the functions with which one statement reads its columns, and names the column of a value that has no form. */
export class PortableValues {
  readonly #database: DatabaseSync;
  readonly #refuse: (column: WireColumn) => Error;

  constructor(database: DatabaseSync, refuse: (column: WireColumn) => Error) {
    this.#database = database;
    this.#refuse = refuse;
  }

  /**
   * The portable text of a column, exact. A value whose storage class is not that of the declared type ends the
   * statement: it is never sent as another value.
   */
  of(column: WireColumn & { readonly from: string }, format: WireFormat): PortableValue {
    const { name, type, lossy } = column;
    const value = quote(column.from);
    const inJson = format === 'json-lines';
    const plain = (sql: string): PortableValue => ({ name, holds: 'plain', sql });
    const when = (condition: string, sql: string): string =>
      `case when ${value} is null then null when ${condition} then ${sql} else ${this.#call(column, () => undefined)} end`;
    switch (type.kind) {
      case 'boolean':
      case 'smallint':
      case 'integer':
      case 'bigint': {
        const [least, greatest] = ranges[type.kind] as readonly [string, string];
        const whole = `typeof(${value}) = 'integer' and ${value} between ${least} and ${greatest}`;
        if (type.kind !== 'boolean' || !inJson) return { ...plain(when(whole, value)), isNumber: true };
        return { ...plain(when(whole, `iif(${value}, 'true', 'false')`)), isNumber: true };
      }
      case 'real':
      case 'double': {
        const text = this.#call(column, type.kind === 'double' ? doubleText : realText(lossy === true));
        const number = inJson ? `iif(${text} like '%Infinity', '"' || ${text} || '"', ${text})` : text;
        return { ...plain(number), isNumber: true };
      }
      case 'numeric':
        return { ...plain(this.#call(column, decimalText(type, lossy === true))), isNumber: true };
      case 'bytea': {
        const prefix = inJson || format === 'postgres-text' ? `'\\\\x' || ` : '';
        return plain(when(`typeof(${value}) = 'blob'`, `${prefix}lower(hex(${value}))`));
      }
      case 'date':
        return plain(this.#call(column, dayText));
      case 'time':
        return plain(this.#call(column, timeText));
      case 'timestamp':
      case 'timestamptz':
        return plain(this.#call(column, instantText(type, lossy === true)));
      case 'uuid':
        return plain(this.#call(column, uuidText));
      case 'json':
      case 'jsonb': {
        const text = when(`typeof(${value}) = 'text' and json_valid(${value})`, value);
        return inJson
          ? { name, holds: 'json', sql: `replace(replace(${text}, char(10), ' '), char(13), ' ')` }
          : { name, holds: 'text', sql: text };
      }
      case 'array':
        return { name, holds: inJson ? 'json' : 'text', sql: this.#call(column, listText(type.of, format)) };
      default:
        return { name, holds: 'text', sql: when(isText(value, type, lossy === true), textOf(value, type, lossy)) };
    }
  }

  /** A call of a function of ours; null stays null. */
  #call(column: WireColumn & { readonly from: string }, toText: ToText): string {
    const name = `datakit_${nextNumber(this.#database)}`;
    const options = { deterministic: true, directOnly: true, useBigIntArguments: true };
    this.#database.function(name, options, (value: SqliteValue) => {
      if (value === null) return null;
      const text = toText(value);
      if (text === undefined) throw this.#refuse(column);
      return text;
    });
    return `${name}(${quote(column.from)})`;
  }
}

function isText(value: string, type: ColumnType, lossy: boolean): string {
  const fits = type.kind === 'varchar' || type.kind === 'char' ? type.length : undefined;
  return `typeof(${value}) = 'text'${fits === undefined || lossy ? '' : ` and length(${value}) <= ${fits}`}`;
}

function textOf(value: string, type: ColumnType, lossy = false): string {
  const length = type.kind === 'varchar' || type.kind === 'char' ? type.length : undefined;
  const cut = length !== undefined && lossy ? `substr(${value}, 1, ${length})` : value;
  return type.kind === 'char' && length !== undefined
    ? `${cut} || substr(printf('%${length}s', ''), 1, ${length} - length(${cut}))`
    : cut;
}

/** As a text, or as its sixteen bytes. */
function uuidText(value: SqliteValue): string | undefined {
  if (value instanceof Uint8Array && value.length === 16) {
    return Buffer.from(value)
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }
  return typeof value === 'string' && uuidPattern.test(value) ? value.toLowerCase() : undefined;
}
