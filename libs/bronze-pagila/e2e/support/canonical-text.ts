import type { SourceColumn } from './source-tables.ts';

/** Who reads a table: each has a column in the same canonical text, written in its own SQL. */
export type Reader = 'postgres' | 'sqlite' | 'mariadb' | 'duckdb' | 'json';

type Expressions = Readonly<Record<Reader, (column: string) => string>>;

const inJson = (column: string): string => `d ->> '${column.replaceAll('"', '')}'`;
const asItIs = (column: string): string => column;
const asChar = (column: string): string => `CAST(${column} AS CHAR)`;

const integer: Expressions = {
  postgres: (column) => `${column}::text`,
  sqlite: (column) => `${kept(column, 'integer')} || ''`,
  mariadb: asChar,
  duckdb: (column) => `CAST(${column} AS VARCHAR)`,
  json: inJson,
};

const boolean: Expressions = {
  postgres: (column) => `${column}::int::text`,
  sqlite: integer.sqlite,
  mariadb: asChar,
  duckdb: (column) => `CAST(CAST(${column} AS INTEGER) AS VARCHAR)`,
  json: (column) => `(${inJson(column)})::boolean::int::text`,
};

const decimal: Expressions = { ...integer, sqlite: (column) => kept(column, 'text') };

const text: Expressions = {
  postgres: (column) => `${column}::text`,
  sqlite: asItIs,
  mariadb: asItIs,
  duckdb: asItIs,
  json: inJson,
};

// A cast from character(n) to text drops the padding; the output function keeps it.
const padded: Expressions = { ...text, postgres: (column) => `format('%s', ${column})` };

const date: Expressions = {
  ...text,
  postgres: (column) => `to_char(${column}, 'YYYY-MM-DD')`,
  mariadb: asChar,
  duckdb: (column) => `CAST(${column} AS VARCHAR)`,
};

const instant: Expressions = {
  ...text,
  postgres: (column) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
  mariadb: (column) => `DATE_FORMAT(${column}, '%Y-%m-%dT%H:%i:%s.%fZ')`,
  duckdb: (column) => `strftime(make_timestamp(epoch_us(${column})), '%Y-%m-%dT%H:%M:%S.%fZ')`,
};

const bytes: Expressions = {
  postgres: (column) => `encode(${column}, 'hex')`,
  sqlite: (column) => `lower(hex(${kept(column, 'blob')}))`,
  mariadb: (column) => `lower(hex(${column}))`,
  duckdb: (column) => `lower(hex(${column}))`,
  json: (column) => `encode((${inJson(column)})::bytea, 'hex')`,
};

const list: Expressions = {
  postgres: (column) => `array_to_json(${column})::text`,
  sqlite: (column) => `json(${column})`,
  mariadb: (column) => `json_compact(${column})`,
  duckdb: (column) => `CAST(to_json(${column}) AS VARCHAR)`,
  json: (column) =>
    `array_to_json(ARRAY(SELECT jsonb_array_elements_text(d -> '${column.replaceAll('"', '')}')))::text`,
};

const byType: readonly (readonly [RegExp, Expressions])[] = [
  [/^(smallint|integer|bigint)$/, integer],
  [/^boolean$/, boolean],
  [/^numeric/, decimal],
  [/^(text|character varying.*|tsvector|uuid)$/, text],
  [/^character\(/, padded],
  [/^date$/, date],
  [/^timestamp.* with time zone$/, instant],
  [/^bytea$/, bytes],
  [/^text\[\]$/, list],
];

/** One text for a whole row: `=value` or `~` for null, separated by `|`. */
export function canonicalRow(reader: Reader, columns: readonly SourceColumn[]): string {
  return columns.map((column) => canonicalColumn(reader, column)).join(` || '|' || `);
}

function canonicalColumn(reader: Reader, { name, type }: SourceColumn): string {
  const expressions = byType.find(([pattern]) => pattern.test(type))?.[1];
  if (!expressions) throw new Error(`The comparison has no rule for ${name} ${type}`);
  const value = expressions[reader](`"${name}"`);
  const isNull = reader === 'json' ? `d -> '${name}' = 'null' OR d -> '${name}' IS NULL` : `"${name}" IS NULL`;
  const oneLine = `replace(replace(replace(replace(${value}, '\\', '\\\\'), '\n', '\\n'), '\r', '\\r'), '|', '\\p')`;
  return `CASE WHEN ${isNull} THEN '~' ELSE '=' || ${oneLine} END`;
}

/** SQLite stores any type in any column; a value of another one must not pass for equal. */
function kept(column: string, type: string): string {
  return `CASE typeof(${column}) WHEN '${type}' THEN ${column} ELSE 'stored as ' || typeof(${column}) END`;
}
