import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineEntity, p } from '@mikro-orm/core';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { deployTo } from '../deploy/deploy.ts';
import { bronzeMetadata } from '../model/bronze-metadata.ts';
import { defineDatakit } from '../model/datakit.ts';
import { postgresSource } from '../model/source-definition.ts';
import { TargetDatabase } from '../targets/target-database.ts';
import { describeWith, startMariaDB, startPostgres, type TestMariaDB, type TestPostgres } from '../testing/index.ts';
import { ingestInto } from './ingest.ts';

const Thing = defineEntity({
  name: 'Thing',
  tableName: 'thing',
  properties: {
    id: p.integer().primary().autoincrement(false),
    flag: p.boolean().nullable(),
    small: p.smallint().nullable(),
    big: p.bigint().nullable(),
    price: p.decimal().precision(10).scale(2).nullable(),
    exact: p.decimal().precision(38).scale(20).nullable(),
    ratio: p.double().nullable(),
    single: p.float().nullable(),
    label: p.string().length(40).nullable(),
    note: p.text().nullable(),
    born: p.date().nullable(),
    starts: p.time().nullable(),
    seen: p.datetime(6).nullable(),
    local: p.datetime(6).columnType('timestamp').nullable(),
    ref: p.uuid().nullable(),
    data: p.blob().nullable(),
    doc: p.json().nullable(),
    tags: p.array().nullable(),
    ...bronzeMetadata,
  },
});
const kit = defineDatakit({
  name: 'bronze-things',
  layer: 'bronze',
  source: postgresSource({ system: 'things' }),
  tables: [Thing],
});

/** One column: its type in each source, and its values in the text that all of them take. */
type Column = readonly [name: string, postgres: string, mariadb: string, sqlite: string, ...values: (string | null)[]];

const odd = `'"\\\t\n\r\b\f\v,;\u007f`;
const columns: readonly Column[] = [
  ['flag', 'boolean', 'tinyint(1)', 'boolean', '1', '0', null, '1'],
  ['small', 'smallint', 'smallint', 'smallint', '32767', '-32768', null, '0'],
  ['big', 'bigint', 'bigint', 'bigint', '9223372036854775807', '-9223372036854775808', null, '9007199254740993'],
  ['price', 'numeric(10,2)', 'decimal(10,2)', 'numeric(10,2)', '99999999.99', '-0.5', null, '0'],
  // SQLite would make a binary fraction of it.
  [
    'exact',
    'numeric(38,20)',
    'decimal(38,20)',
    'text',
    '123456789012345678.12345678901234567890',
    '-0.00000000000000000001',
    null,
    '1',
  ],
  ['ratio', 'double precision', 'double', 'real', '1.7976931348623157e308', '-5e-324', null, '0.30000000000000004'],
  ['single', 'real', 'float', 'real', '0.1', '-16777216', null, '1.5'],
  ['label', 'varchar(40)', 'varchar(40)', 'varchar(40)', 'äöü 😀 e\u0301', '', null, ' padded '],
  ['note', 'text', 'longtext', 'text', odd, '\\N', null, `\\.`],
  ['born', 'date', 'date', 'date', '9999-12-31', '1000-01-01', null, '2024-02-29'],
  ['starts', 'time', 'time(6)', 'time', '23:59:59.999999', '00:00:00', null, '12:30:00.5'],
  [
    'seen',
    'timestamptz',
    'timestamp(6) null',
    'timestamp',
    '2037-12-31 23:59:59.999999',
    '1970-01-02 00:00:00',
    null,
    '2024-03-31 01:30:00.5',
  ],
  [
    'local',
    'timestamp',
    'datetime(6)',
    'timestamp',
    '9999-12-31 23:59:59.999999',
    '1000-01-01 00:00:00',
    null,
    '2024-03-31 02:30:00.000001',
  ],
  ['ref', 'uuid', 'char(36)', 'uuid', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '00000000-0000-0000-0000-00000000000a'],
  ['data', 'bytea', 'longblob', 'blob', '00ff5c27090a', '', null, 'ff'],
  ['doc', 'jsonb', 'json', 'json', '{"b": [1, "ä\\n"], "a": 12345678901234567890.10}', '{}', null, '"text"'],
  ['tags', 'text[]', 'json', 'json', '["a\\"b", null, "\\\\", ""]', '[]', null, '["{}", "ü,x"]'],
];

const rowCount = 4;
const dialects = ['postgres', 'mariadb', 'sqlite'] as const;
type Dialect = (typeof dialects)[number];

/** The table in the words of a source. */
function createThing(dialect: Dialect): string {
  const at = dialects.indexOf(dialect) + 1;
  const types = columns.map(([name, ...rest]) => `${name} ${rest[at - 1] as string}`);
  return `create table thing (id integer not null primary key, ${types.join(', ')})`;
}

/** Statements that fill it. */
function insertThings(dialect: Dialect): string[] {
  return Array.from({ length: rowCount }, (_, row) => {
    const values = columns.map(([, type, , , ...all]) => literal(dialect, type, all[row] ?? null));
    return `insert into thing values (${[row + 1, ...values].join(', ')})`;
  });
}

function literal(dialect: Dialect, type: string, value: string | null): string {
  if (value === null) return 'null';
  if (type === 'bytea') return dialect === 'postgres' ? `'\\x${value}'` : `x'${value}'`;
  if (type === 'boolean') return dialect === 'postgres' ? String(value === '1') : value;
  const isExact = type === 'numeric(38,20)' && dialect === 'sqlite';
  if (/int|double|real|numeric/.test(type) && !isExact) return value;
  const escaped = dialect === 'mariadb' ? value.replaceAll('\\', '\\\\') : value;
  const quoted = `'${escaped.replaceAll("'", "''")}'`;
  if (type === 'text[]' && dialect === 'postgres') {
    return `array(select jsonb_array_elements_text(${quoted}::jsonb))`;
  }
  if (type === 'timestamptz' && dialect === 'postgres') return `timestamptz '${value}+00'`;
  return quoted;
}

describeWith(['postgres', 'mariadb'], 'the same table in three sources', () => {
  let postgres: TestPostgres;
  let mariadb: TestMariaDB;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'datakit-equal-'));
    [postgres, mariadb] = await Promise.all([startPostgres(), startMariaDB()]);
    await postgres.psql('postgres', createThing('postgres'));
    for (const sql of insertThings('postgres')) await postgres.psql('postgres', sql);
    await mariadb.mariadb('information_schema', 'create database things character set utf8mb4');
    const utc = `set time_zone = '+00:00'`;
    await mariadb.mariadb('things', [utc, createThing('mariadb'), ...insertThings('mariadb')].join(';\n'));
    const file = new DatabaseSync(join(folder, 'things.sqlite'));
    for (const sql of [createThing('sqlite'), ...insertThings('sqlite')]) file.exec(sql);
    file.close();
  });
  afterAll(async () => {
    await mariadb?.stop();
    await postgres?.stop();
    if (folder) rmSync(folder, { recursive: true });
  });

  /** What psql shows of a table, metadata aside. */
  const shown = (database: string, table: string): Promise<string> =>
    postgres.psql(database, `select id, ${columns.map(([name]) => name).join(', ')} from ${table} order by id`);

  async function load(database: string, sourceUrl: string): Promise<string> {
    const { host, port, user, password } = postgres;
    const where = {
      kind: 'place',
      place: { engine: 'postgres', host, port, user, password, database },
    } as const;
    const rest = { name: 'test', inMemory: false, protected: false, workspaceRoot: '/', environment: {} };
    await using target = await TargetDatabase.open({ ...rest, where });
    await deployTo(kit, target, { runId: 'run' });
    const { tables } = await ingestInto(kit, target, { runId: 'run', sourceUrl });
    expect(tables.map(({ read, loaded }) => [read, loaded])).toEqual([[rowCount, rowCount]]);
    return await shown(database, 'bronze_things.thing');
  }

  it('is the same in bronze, value by value', async () => {
    const there = await shown('postgres', 'thing');
    expect(there.split('\n').length).toBeGreaterThanOrEqual(rowCount);
    expect(await load('from_postgres', postgres.url('postgres'))).toBe(there);
    expect(await load('from_mariadb', mariadb.url('things'))).toBe(there);
    expect(await load('from_sqlite', `sqlite:${join(folder, 'things.sqlite')}`)).toBe(there);
  });
});
