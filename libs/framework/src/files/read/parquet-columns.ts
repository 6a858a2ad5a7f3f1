import { parseColumnType, type ColumnType } from '../../model/column-type.ts';
import { duckDbIdentifier, duckDbLiteral, type DuckDb } from '../duckdb.ts';

/** A column of a Parquet file. */
export interface FoundColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** Expression for its value as text, in the forms that a sift reads. */
  readonly text: string;
}

/** What DuckDB calls a type → what we call it, and the text of a value. */
function columnOf(type: string, value: string): { readonly type: string; readonly text: string } {
  const list = /^(.*)\[(\d*)\]$/s.exec(type);
  if (list) {
    // Elements as texts: JSON made of numbers would round those with more digits than a double has.
    const inner = columnOf(list[1] as string, 'x');
    return { type: `${inner.type}[]`, text: `to_json(list_transform(${value}, x -> ${inner.text}))::varchar` };
  }
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  if (decimal) return { type: `numeric(${decimal[1]},${decimal[2]})`, text: `${value}::varchar` };
  if (/^(STRUCT|MAP|UNION)/.test(type)) return { type: 'json', text: `to_json(${value})::varchar` };
  const known = Object.hasOwn(names, type) ? names[type] : undefined;
  return known
    ? { type: known[0], text: known[1].replaceAll('?', value) }
    : { type: 'text', text: `${value}::varchar` };
}

const plain = '?::varchar';
/** DuckDB writes the era in parentheses and before the time, where everybody else writes it last. */
const era = `case when ?::varchar like '%(BC)%' then replace(?::varchar, ' (BC)', '') || ' BC' else ?::varchar end`;
const names: Readonly<Record<string, readonly [type: string, text: string]>> = {
  BOOLEAN: ['boolean', plain],
  TINYINT: ['smallint', plain],
  UTINYINT: ['smallint', plain],
  SMALLINT: ['smallint', plain],
  USMALLINT: ['integer', plain],
  INTEGER: ['integer', plain],
  UINTEGER: ['bigint', plain],
  BIGINT: ['bigint', plain],
  UBIGINT: ['numeric(20,0)', plain],
  HUGEINT: ['numeric(39,0)', plain],
  UHUGEINT: ['numeric(39,0)', plain],
  FLOAT: ['real', plain],
  DOUBLE: ['double precision', plain],
  BLOB: ['bytea', `'\\x' || lower(hex(?))`],
  DATE: ['date', era],
  TIME: ['time', plain],
  'TIME WITH TIME ZONE': ['timetz', plain],
  TIMESTAMP: ['timestamp', era],
  TIMESTAMP_S: ['timestamp', era],
  TIMESTAMP_MS: ['timestamp', era],
  // Many writers take nanoseconds for everything: the digits that are zero are none, and the sift judges the others.
  TIMESTAMP_NS: ['timestamp', `regexp_replace(?::varchar, '(\\.\\d{6})000$', '\\1')`],
  'TIMESTAMP WITH TIME ZONE': ['timestamptz', era],
  UUID: ['uuid', plain],
  JSON: ['json', plain],
  INTERVAL: ['interval', plain],
};

/**
 * The columns of a Parquet file, with exact types. A struct or a map is json.
 * @throws what DuckDB throws for a file that is not Parquet
 */
export async function parquetColumns({ connection }: DuckDb, path: string): Promise<FoundColumn[]> {
  const described = await connection.runAndReadAll(`describe select * from read_parquet(${exactPath(path)})`);
  return described.getRowObjectsJson().map((row) => {
    const name = String(row['column_name']);
    const { type, text } = columnOf(String(row['column_type']), duckDbIdentifier(name));
    return { name, type: parseColumnType(type), text };
  });
}

/** DuckDB takes a path for a pattern. */
export function exactPath(path: string): string {
  return duckDbLiteral(path.replaceAll(/[*?[]/g, '[$&]'));
}

/** Rows of a Parquet file, which its footer tells exactly. */
export async function parquetRowCount({ connection }: DuckDb, path: string): Promise<number> {
  const found = await connection.runAndReadAll(
    `select sum(num_rows)::bigint from parquet_file_metadata(${exactPath(path)})`,
  );
  return Number(found.getRows()[0]?.[0] ?? 0);
}
