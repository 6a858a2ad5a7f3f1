import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { outputOf, type TestMariaDB, type TestPostgres } from '@datakit/framework/testing';
import type { LoadedTable, Place, StoredTables, StoredValue } from './place.ts';

type Read = Place['read'];

const fromHex = (hex: string): string => Buffer.from(hex, 'hex').toString('utf8');

/** Lines of table, id, type, `1` for null, and the text in hex or however it is decoded. */
function storedTables(lines: string, decode: (text: string, storedAs: string) => string = fromHex): StoredTables {
  const tables = new Map<string, Map<number, StoredValue>>();
  for (const line of lines.split('\n').filter(Boolean)) {
    const [name = '', id, storedAs = '', isNull, text = ''] = line.split('\t');
    const table = tables.get(name) ?? new Map<number, StoredValue>();
    tables.set(name, table.set(Number(id), { storedAs, text: isNull === '1' ? undefined : decode(text, storedAs) }));
  }
  return tables;
}

const selects = (tables: readonly LoadedTable[], select: (name: string) => string): string =>
  tables.map(({ name }) => select(name)).join(' union all ');

/** Settings under which PostgreSQL writes every value in one way. */
const standard = `set timezone = 'UTC'; set datestyle = 'ISO'; set intervalstyle = 'postgres'; set bytea_output = 'hex'; set extra_float_digits = 1;`;

/** What `psql` shows: the value's text as the server sends it; a cast to text would take the padding of a char(n). */
export function psqlReader(server: TestPostgres, database: string, schema: string): Read {
  return async (tables) =>
    storedTables(
      await server.psql(
        database,
        `${standard} ${selects(
          tables,
          (name) => `select '${name}', id, format_type(a.atttypid, a.atttypmod), (value::text is null)::int,
            encode(convert_to(format('%s', value), 'UTF8'), 'hex') from ${schema}.${name}
            join pg_attribute a on a.attrelid = '${schema}.${name}'::regclass and a.attname = 'value'`,
        )}`,
      ),
    );
}

/** What the `sqlite3` program shows; floating point with all its digits. */
export function sqliteReader(file: string): Read {
  const text = `case typeof(value) when 'real' then hex(ieee754_to_blob(value))
    when 'blob' then hex(cast(hex(value) as blob)) else hex(cast(value as blob)) end`;
  return async (tables) => {
    const sql = selects(
      tables,
      (name) =>
        `select '${name}', id, (select lower(type) from pragma_table_info('types_${name}') where name = 'value'), value is null, ${text} from types_${name}`,
    );
    const lines = await outputOf('sqlite3', ['-batch', '-noheader', '-separator', '\t', file, sql]);
    return storedTables(lines, (hex, storedAs) =>
      storedAs === 'real' ? digitsOf(Buffer.from(hex, 'hex').readDoubleBE()) : fromHex(hex),
    );
  };
}

/** JavaScript writes a negative zero without its sign. */
function digitsOf(number: number): string {
  return Object.is(number, -0) ? '-0' : String(number);
}

/** What the `mariadb` program shows, which takes 16 MB at once unless it is told otherwise. */
export function mariadbReader({ host, port, user, password }: TestMariaDB, database: string): Read {
  const address = ['--no-defaults', `--host=${host}`, `--port=${port}`, `--user=${user}`, `--database=${database}`];
  const shape = [
    '--batch',
    '--raw',
    '--skip-column-names',
    '--default-character-set=utf8mb4',
    '--max-allowed-packet=256M',
  ];
  return async (tables) => {
    const sql = selects(tables, (name) => {
      const storedAs = `(select column_type from information_schema.columns where table_schema = '${database}' and table_name = 'types_${name}' and column_name = 'value')`;
      const text = `if(${storedAs} like '%blob', hex(value), hex(convert(cast(value as char) using utf8mb4)))`;
      return `select '${name}', id, ${storedAs}, value is null, ${text} from types_${name}`;
    });
    const env = { ...process.env, MYSQL_PWD: password };
    const lines = await outputOf('mariadb', [...address, ...shape, `--execute=${sql}`], { env });
    return storedTables(lines, (hex, storedAs) => (storedAs.endsWith('blob') ? hex : fromHex(hex)));
  };
}

/** What DuckDB reads from Parquet; lists as JSON arrays of texts. */
export const readParquet: Read = async (tables) => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const found = new Map<string, Map<number, StoredValue>>();
  try {
    await connection.run(`set timezone = 'UTC'`);
    for (const { name, type, files } of tables) {
      const list = type === 'bytea[]' ? `list_transform(value, x -> '\\x' || lower(hex(x)))` : 'value::VARCHAR[]';
      const inList = type.endsWith('[]') ? `to_json(${list})::text` : 'value::text';
      const text = type === 'bytea' ? `'\\x' || lower(hex(value))` : inList;
      const from = `read_parquet([${files.map((file) => `'${file}'`).join(', ')}])`;
      const rows = (await connection.runAndReadAll(`select id, typeof(value), ${text} from ${from}`)).getRows();
      const values = rows.map(([id, storedAs, value]): [number, StoredValue] => [
        Number(id),
        { storedAs: String(storedAs), text: value === null ? undefined : String(value) },
      ]);
      found.set(name, new Map(values));
    }
    return found;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
};

/** What stands in NDJSON, letter for letter: `JSON.parse` would round numbers, so it only tells that a line is JSON. */
export const readNdjson: Read = async (tables) =>
  new Map(
    tables.map(({ name, files }) => {
      const lines = files.flatMap((file) => readFileSync(file, 'utf8').split('\n').filter(Boolean));
      return [name, new Map(lines.map(readLine))];
    }),
  );

function readLine(line: string): [number, StoredValue] {
  const { id, value } = JSON.parse(line) as { id: number; value: unknown };
  const raw = /^\{"id":\d+,"value":(.*)\}$/s.exec(line)?.[1] ?? '';
  if (value === null && raw === 'null') return [id, { storedAs: '', text: undefined }];
  const kind = Array.isArray(value) ? 'array' : typeof value;
  return [id, { storedAs: kind, text: typeof value === 'string' ? value : raw }];
}
