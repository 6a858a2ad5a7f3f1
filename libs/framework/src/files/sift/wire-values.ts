import type { ColumnType } from '../../model/column-type.ts';
import type { WireColumn, WireFormat } from '../../model/wire-format.ts';
import { duckDbLiteral } from '../duckdb.ts';

/** A column to write: its value in the form of csv, as SQL of DuckDB. */
export interface SiftedValue extends WireColumn {
  readonly value: string;
}

/** The formats in which rows leave DuckDB. */
export const siftedFormats = ['postgres-text', 'text-rows', 'csv', 'json-lines'] as const satisfies WireFormat[];
export type SiftedFormat = (typeof siftedFormats)[number];

/** The expression of one row's line, without the newline. */
export function lineOf(format: SiftedFormat, columns: readonly SiftedValue[]): string {
  switch (format) {
    case 'postgres-text':
    case 'text-rows':
      return columns.map((column) => `coalesce(${field(format, column)}, '\\N')`).join(' || chr(9) || ');
    case 'csv':
      return columns
        .map(({ value }) => `coalesce('"' || replace(${value}, '"', '""') || '"', '\\N')`)
        .join(` || ',' || `);
    case 'json-lines': {
      const fields = columns.map((column) => {
        const name = duckDbLiteral(`${JSON.stringify(column.name)}:`);
        return `${name} || coalesce(${jsonValue(column.type, column.value)}, 'null')`;
      });
      return `'{' || ${fields.join(` || ',' || `)} || '}'`;
    }
  }
}

function field(format: 'postgres-text' | 'text-rows', { type, value }: SiftedValue): string {
  const written = format === 'text-rows' ? portable(type, value) : postgres(type, value);
  return neverEscaped.has(type.kind) ? written : escaped(written);
}

const neverEscaped = new Set<string>('boolean smallint integer bigint real double numeric uuid date'.split(' '));

/** Most texts have nothing to escape, and looking for it is cheaper than replacing it four times. */
function escaped(text: string): string {
  const controls = [`'\\'`, 'chr(10)', 'chr(13)', 'chr(9)'];
  const replaced = ['\\\\', '\\n', '\\r', '\\t'].reduce(
    (inner, escape, index) => `replace(${inner}, ${controls[index]}, '${escape}')`,
    text,
  );
  return `if(${controls.map((control) => `contains(${text}, ${control})`).join(' or ')}, ${replaced}, ${text})`;
}

/** From the form of csv into that of `text-rows`. */
function portable(type: ColumnType, value: string): string {
  switch (type.kind) {
    case 'date':
      return replaceEra(value);
    case 'timestamp':
    case 'timestamptz':
      return iso(type.kind, value);
    case 'array':
      return jsonArray(type.of, value);
    default:
      return value;
  }
}

function postgres(type: ColumnType, value: string): string {
  switch (type.kind) {
    case 'date':
      return replaceEra(value);
    case 'bytea':
      return `'\\x' || ${value}`;
    case 'array': {
      const quoted = `'"' || replace(replace(datakit_e, '\\', '\\\\'), '"', '\\"') || '"'`;
      const list = `list_transform(${texts(value)}, lambda datakit_e: if(datakit_e is null, 'NULL', ${quoted}))`;
      return `case when not coalesce(json_valid(${value}), false) then ${value} else '{' || array_to_string(${list}, ',') || '}' end`;
    }
    default:
      return value;
  }
}

/** DuckDB wants the era in parentheses. */
function replaceEra(value: string): string {
  return `replace(${value}, '(BC)', 'BC')`;
}

/**
 * Infinity and years before Christ keep their text. Years of four digits go without a regular expression, which takes ten
 * times as long.
 */
function iso(kind: string, value: string): string {
  const [zone, end] = kind === 'timestamptz' ? ['+00', 'Z'] : ['', ''];
  const plain = `^([0-9]{4,6}-[0-9]{2}-[0-9]{2}) ([0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.]([0-9]+))?${zone.replace('+', '[+]')}$`;
  const parts = `regexp_extract(${value}, '${plain}', ['day', 'clock', 'fraction'])`;
  const written = `${parts}.day || 'T' || ${parts}.clock || '.' || rpad(${parts}.fraction, 6, '0') || '${end}'`;
  const clock = `substr(${value}, 12, length(${value}) - ${11 + zone.length})`;
  const short = `left(${value}, 10) || 'T' || rpad(${clock} || if(length(${clock}) = 8, '.', ''), 15, '0') || '${end}'`;
  const isShort = `${value} like '____-__-__ __:__:__%${zone}' and not contains(${value}, 'BC')`;
  return `case when ${isShort} then ${short} when regexp_matches(${value}, '${plain}') then ${written} else ${value} end`;
}

/** In csv all elements are texts; elsewhere numbers and truth values are what they are. */
function jsonArray(of: ColumnType, value: string): string {
  const list = `list_transform(${texts(value)}, lambda datakit_e: coalesce(${jsonElement(of, 'datakit_e')}, 'null'))`;
  return `case when not coalesce(json_valid(${value}), false) then ${value} else '[' || array_to_string(${list}, ',') || ']' end`;
}

function texts(value: string): string {
  return `from_json(if(json_valid(${value}), ${value}, '[]'), '["VARCHAR"]')`;
}

const wordNumbers = ['NaN', 'Infinity', '-Infinity'].map(duckDbLiteral).join(', ');

function jsonElement(of: ColumnType, value: string): string {
  return of.kind === 'bytea' ? `to_json(${value})::varchar` : jsonValue(of, value);
}

/** A value of the form of csv as JSON; null stays SQL's null. */
export function jsonValue(type: ColumnType, value: string): string {
  switch (type.kind) {
    case 'boolean':
      return `if(${value} is null, null, if(${value} in ('1', 't', 'true'), 'true', 'false'))`;
    case 'smallint':
    case 'integer':
    case 'bigint':
      return value;
    case 'numeric':
    case 'real':
    case 'double':
      return `if(${value} in (${wordNumbers}), '"' || ${value} || '"', ${value})`;
    case 'json':
    case 'jsonb':
      return `translate(${value}, chr(10) || chr(13), '  ')`;
    case 'bytea':
      return `'"\\\\x' || ${value} || '"'`;
    case 'array':
      return `if(coalesce(json_valid(${value}), false), ${jsonArray(type.of, value)}, to_json(${value})::varchar)`;
    default:
      return `to_json(${portable(type, value)})::varchar`;
  }
}
