import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { quote } from '../../engines/sqlite/quote.ts';
import { formatColumnType, parseColumnType } from '../../model/column-type.ts';
import type { WireFormat } from '../../model/wire-format.ts';
import { describeConnector } from '../connector-contract.ts';
import { hostileName, largeRows, type ContractSource } from '../contract-source.ts';
import { SqliteConnector } from './sqlite-connector.ts';

async function start(encoding: string): Promise<ContractSource> {
  const folder = mkdtempSync(join(tmpdir(), 'datakit-sqlite-source-'));
  const file = join(folder, 'source.sqlite');
  const admin = new DatabaseSync(file);
  admin.exec(`
    pragma encoding = '${encoding}'; pragma journal_mode = wal;
    create table item (id integer primary key, label text);
    create table empty (id integer not null, label text);
    insert into item values (1, 'a'), (2, null), (3, 'a' || char(9) || 'b"c\\');
    create view seen as select id from item order by id;
    create table large as with recursive n (id) as (select 1 union all select id + 1 from n where id < ${largeRows})
      select id, printf('%.*c', 100, 'l') as label from n;
    create table ${quote(hostileName)} (${quote(hostileName)} text);
    insert into ${quote(hostileName)} values ('x')`);
  return {
    schema: 'main',
    connectors: { 'by its path': () => new SqliteConnector(file) },
    unreachable: () => new SqliteConnector(join(folder, 'not there', 'source.sqlite')),
    secret: 'there is none',
    addRow: async () => admin.exec(`insert into item values (4, 'later')`),
    openSessions: async () => (isAlone(admin) ? 0 : 1),
    stop: async () => {
      admin.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A file leaves its write-ahead log only for a connection that is alone with it. */
function isAlone(admin: DatabaseSync): boolean {
  try {
    admin.exec('pragma journal_mode = delete');
    return true;
  } catch {
    return false;
  } finally {
    admin.exec('pragma journal_mode = wal');
  }
}

describeConnector('a SQLite file', () => start('UTF-8'));
describeConnector('a SQLite file in UTF-16', () => start('UTF-16le'));

describe('a SQLite file as a source', () => {
  const folder = mkdtempSync(join(tmpdir(), 'datakit-sqlite-source-'));
  const file = join(folder, 'typed.sqlite');
  let admin: DatabaseSync;
  beforeAll(() => void (admin = new DatabaseSync(file)));
  afterAll(() => {
    admin.close();
    rmSync(folder, { recursive: true });
  });

  /** What is sent of one value, or the code of its refusal. */
  async function read(sql: string, type: string, format: WireFormat = 'text-rows', lossy = false): Promise<string> {
    admin.exec(`drop table if exists one; create table one (value); insert into one values (${sql})`);
    await using connector = new SqliteConnector(file);
    return await connector.withSnapshot(async (snapshot) => {
      const column = { name: 'value', from: 'value', type: parseColumnType(type), lossy };
      const { rows } = await snapshot.read({ schema: 'main', table: 'one', columns: [column], constants: [], format });
      return textOf(rows).then(
        (text) => text.slice(0, -1),
        (error: { code: string; message: string }) => {
          expect(error.message).toMatch(/column value|UTF-8/);
          return error.code;
        },
      );
    });
  }

  it('says what its columns were declared to hold', async () => {
    admin.exec(`create table typed (a integer primary key, b int not null, c varchar(20), d numeric(5,2), e real, f double,
      g datetime, h timestamp, i boolean, j blob, k, l clob, m bigint unsigned, n json, o date, p uuid, q nvarchar(10), r "strange thing")`);
    await using connector = new SqliteConnector(file);
    const [table] = await connector.listTables('main', ['typed']);
    expect(table?.columns.map(({ name, type, nullable }) => [name, formatColumnType(type), nullable])).toEqual([
      ['a', 'integer', false],
      ['b', 'integer', false],
      ['c', 'character varying(20)', true],
      ['d', 'numeric(5,2)', true],
      ['e', 'double precision', true],
      ['f', 'double precision', true],
      ['g', 'timestamp without time zone', true],
      ['h', 'timestamp without time zone', true],
      ['i', 'boolean', true],
      ['j', 'bytea', true],
      ['k', 'text', true],
      ['l', 'text', true],
      ['m', 'bigint', true],
      ['n', 'json', true],
      ['o', 'date', true],
      ['p', 'uuid', true],
      ['q', 'text', true],
      ['r', 'numeric', true],
    ]);
  });

  it.each([
    ['boolean', '1', '1'],
    ['boolean', '2', 'BAD_ROWS'],
    ['boolean', `'1'`, 'BAD_ROWS'],
    ['smallint', '32767', '32767'],
    ['smallint', '32768', 'BAD_ROWS'],
    ['integer', '1.0', 'BAD_ROWS'],
    ['bigint', '-9223372036854775808', '-9223372036854775808'],
    ['bigint', '9007199254740993', '9007199254740993'],
    ['bigint', 'null', '\\N'],
    ['double precision', '0.1', '0.1'],
    ['double precision', '1e300', '1e+300'],
    ['double precision', '-0.0', '-0'],
    ['double precision', '9e999', 'Infinity'],
    ['double precision', '9007199254740993', 'BAD_ROWS'],
    ['double precision', `'0.1'`, 'BAD_ROWS'],
    ['real', '0.1', '0.1'],
    ['real', '0.123456789', 'BAD_ROWS'],
    ['real', '16777216.0', '16777216'],
    ['numeric(5,2)', '4.5', '4.50'],
    ['numeric(5,2)', `'4.50'`, '4.50'],
    ['numeric(5,2)', '4.999', 'BAD_ROWS'],
    ['numeric(5,2)', '999.99', '999.99'],
    ['numeric(5,2)', '1000', 'BAD_ROWS'],
    ['numeric(5,2)', '-0.0', '0.00'],
    ['numeric(5,2)', `'-0.05'`, '-0.05'],
    ['numeric', `'12345678901234567890.123456789'`, '12345678901234567890.123456789'],
    ['numeric', '1e-7', '0.0000001'],
    ['numeric', '0.1 + 0.2', 'BAD_ROWS'],
    ['numeric', `'abc'`, 'BAD_ROWS'],
    ['text', `'a' || char(9, 10, 13, 92) || 'é'`, 'a\\t\\n\\r\\\\é'],
    ['text', '5', 'BAD_ROWS'],
    ['text', `x'61'`, 'BAD_ROWS'],
    ['text', `cast(x'ff' as text)`, 'BAD_ROWS'],
    ['varchar(3)', `'äöü'`, 'äöü'],
    ['varchar(3)', `'abcd'`, 'BAD_ROWS'],
    ['character(3)', `'a'`, 'a  '],
    ['bytea', `x'00ff'`, '00ff'],
    ['bytea', `x''`, ''],
    ['bytea', `'00ff'`, 'BAD_ROWS'],
    ['date', `'2024-02-29'`, '2024-02-29'],
    ['date', `'2023-02-29'`, 'BAD_ROWS'],
    ['date', `'2024-02-29 x'`, 'BAD_ROWS'],
    ['date', `'0000-01-01'`, 'BAD_ROWS'],
    ['date', '20240229', 'BAD_ROWS'],
    ['time', `'23:59:59.500'`, '23:59:59.5'],
    ['time', `'24:00:00'`, '24:00:00'],
    ['time', `'24:00:01'`, 'BAD_ROWS'],
    ['timestamp', `'2024-02-29 23:59:59'`, '2024-02-29T23:59:59.000000'],
    ['timestamp', `'2024-02-29T23:59:59Z'`, 'BAD_ROWS'],
    ['timestamp', `'2024-02-29 23:59:59.1234567'`, 'BAD_ROWS'],
    ['timestamptz', `'2024-02-29 23:59:59.123'`, '2024-02-29T23:59:59.123000Z'],
    ['timestamptz', `'2024-03-01 00:59:59.000001+01:00'`, '2024-02-29T23:59:59.000001Z'],
    ['timestamptz', `'infinity'`, 'infinity'],
    ['timestamptz', `'0044-03-15 00:00:00+00 BC'`, '0044-03-15 00:00:00+00 BC'],
    ['timestamptz', `'now'`, 'BAD_ROWS'],
    ['timestamptz', '1709251199', 'BAD_ROWS'],
    ['timestamp(3)', `'2024-02-29 23:59:59.0005'`, 'BAD_ROWS'],
    ['uuid', `'00000000-0000-0000-0000-0000000000FF'`, '00000000-0000-0000-0000-0000000000ff'],
    ['uuid', `x'000000000000000000000000000000ff'`, '00000000-0000-0000-0000-0000000000ff'],
    ['uuid', `'zz'`, 'BAD_ROWS'],
    ['jsonb', `'{"n":12345678901234567890.10}'`, '{"n":12345678901234567890.10}'],
    ['jsonb', `'{'`, 'BAD_ROWS'],
    ['text[]', `'["a\\"b",null]'`, '["a\\\\"b",null]'],
    ['bigint[]', `'[9007199254740993, 1]'`, '[9007199254740993,1]'],
    ['text[]', `'{"a":1}'`, 'BAD_ROWS'],
  ])('reads a %s of %s as %s', async (type, sql, sent) => {
    expect(await read(sql, type)).toBe(sent);
  });

  it('writes what a format writes otherwise', async () => {
    expect(await read('1', 'boolean', 'json-lines')).toBe('{"value":true}');
    expect(await read(`x'00ff'`, 'bytea', 'json-lines')).toBe('{"value":"\\\\x00ff"}');
    expect(await read(`x'00ff'`, 'bytea', 'postgres-text')).toBe('\\\\x00ff');
    expect(await read('9e999', 'double precision', 'json-lines')).toBe('{"value":"Infinity"}');
    expect(await read(`'{"a":' || char(10) || '1}'`, 'json', 'json-lines')).toBe('{"value":{"a": 1}}');
    expect(await read(`'["a\\"\\\\",null, "x"]'`, 'text[]', 'postgres-text')).toBe('{"a\\\\"\\\\\\\\",NULL,"x"}');
    expect(await read(`'[1,2]'`, 'integer[]', 'csv')).toBe('"[""1"",""2""]"');
    expect(await read(`'\\N'`, 'text', 'csv')).toBe('"\\N"');
    expect(await read('null', 'text', 'csv')).toBe('\\N');
  });

  it('rounds and cuts only where that is declared', async () => {
    expect(await read('4.999', 'numeric(5,2)', 'text-rows', true)).toBe('5.00');
    expect(await read(`'abcd'`, 'varchar(3)', 'text-rows', true)).toBe('abc');
    expect(await read(`'2024-12-31 23:59:59.9996'`, 'timestamp(3)', 'text-rows', true)).toBe(
      '2025-01-01T00:00:00.000000',
    );
    expect(await read('1000', 'numeric(5,2)', 'text-rows', true)).toBe('BAD_ROWS');
  });

  it('that is no database is told from one that is not there', async () => {
    const other = join(folder, 'other.sqlite');
    writeFileSync(other, 'no database, but long enough to be taken for one'.repeat(40));
    await expect(new SqliteConnector(other).testConnection()).rejects.toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
      message: expect.stringContaining('no SQLite database'),
    });
  });
});
