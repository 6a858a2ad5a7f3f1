import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { formatColumnType, parseColumnType, type ColumnType } from '../../model/column-type.ts';
import type { WireFormat } from '../../model/wire-format.ts';
import { describeWith } from '../../testing/index.ts';
import { describeConnector } from '../connector-contract.ts';
import { mariadbTestSource, mysqlTestSource, type MysqlTestSource } from './contract/mysql-test-source.ts';
import { MysqlConnector } from './mysql-connector.ts';

describeWith(['mariadb'], 'MariaDB as installed', () => describeSource(mariadbTestSource, 'mariadb'));
describeWith(['mysql'], 'MySQL of the machine', () => describeSource(mysqlTestSource, 'mysql'));

function describeSource(open: () => Promise<MysqlTestSource>, engine: 'mysql' | 'mariadb'): void {
  describeConnector('as a source', open);

  let source: MysqlTestSource;
  beforeAll(async () => void (source = await open()));
  afterAll(() => source?.stop());

  /** What is sent of one value, or the code of its refusal. */
  async function read(
    column: string,
    sql: string,
    type: string,
    format: WireFormat = 'text-rows',
    lossy = false,
  ): Promise<string> {
    const { admin, schema, place } = source;
    await admin.query('drop table if exists one');
    await admin.query(`create table one (value ${column})`);
    // What a careless application writes.
    await admin.query(`set session sql_mode = ''`);
    await admin.query(`insert into one values (${sql})`);
    await using connector = new MysqlConnector(place);
    return await connector.withSnapshot(async (snapshot) => {
      const read = { name: 'value', from: 'value', type: parseColumnType(type), lossy };
      const { rows } = await snapshot.read({ schema, table: 'one', columns: [read], constants: [], format });
      return textOf(rows).then(
        (text) => text.slice(0, -1),
        (error: { code: string; message: string }) => {
          expect(error.message).toContain(`in column value (${formatColumnType(read.type)})`);
          return error.code;
        },
      );
    });
  }

  it('tells every type that it has exactly, and names what nobody can read', async () => {
    const { admin, place, schema } = source;
    await admin.query(`create table typed (a tinyint(1), b tinyint unsigned, c smallint unsigned, d mediumint unsigned, e int unsigned not null,
      f bigint unsigned, g bigint(5) zerofill, h decimal(10,2), i decimal(65,30), j float, k double, l year, m bit(1), n bit(9),
      o char(7), p varchar(20) character set latin1, q tinytext, r longtext, s json, t enum('a','b'), u set('a','b'), v binary(3), w longblob,
      x date, y datetime, z timestamp(3) null, ya datetime(6), yb time, yc time(2), yd geometry)`);
    await using connector = new MysqlConnector(place);
    const [table] = await connector.listTables(schema, ['typed']);
    expect(table?.columns.map(({ name, type, nullable }) => [name, formatColumnType(type), nullable])).toEqual([
      ['a', 'smallint', true],
      ['b', 'smallint', true],
      ['c', 'integer', true],
      ['d', 'integer', true],
      ['e', 'bigint', false],
      ['f', 'numeric(20,0)', true],
      ['g', 'numeric(20,0)', true],
      ['h', 'numeric(10,2)', true],
      ['i', 'numeric(65,30)', true],
      ['j', 'real', true],
      ['k', 'double precision', true],
      ['l', 'smallint', true],
      ['m', 'bit(1)', true],
      ['n', 'bit(9)', true],
      ['o', 'character varying(7)', true],
      ['p', 'character varying(20)', true],
      ['q', 'text', true],
      ['r', 'text', true],
      ['s', engine === 'mysql' ? 'jsonb' : 'json', true],
      ['t', 'text', true],
      ['u', 'text', true],
      ['v', 'bytea', true],
      ['w', 'bytea', true],
      ['x', 'date', true],
      ['y', 'timestamp(0) without time zone', true],
      ['z', 'timestamp(3) with time zone', true],
      ['ya', 'timestamp without time zone', true],
      ['yb', 'time(0) without time zone', true],
      ['yc', 'time(2) without time zone', true],
      ['yd', 'geometry', true],
    ]);
    expect(table?.columns.filter(({ unreadable }) => unreadable).map(({ name }) => name)).toEqual(['yd']);
    // The protocol tells of a query's columns what the catalogue tells of a table's, but for the json of MariaDB.
    const queried = await connector.describeQuery('typed', 'select * from typed');
    const types = (columns: readonly { name: string; type: ColumnType }[]): string[] =>
      columns.map(({ name, type }) =>
        `${name} ${formatColumnType(type)}`.replace('s json', 's text').replace('textb', 'jsonb'),
      );
    expect(types(queried.columns)).toEqual(types(table?.columns ?? []));
  });

  it.each([
    ['tinyint(1)', '1', 'boolean', '1'],
    ['tinyint(1)', '5', 'boolean', 'BAD_ROWS'],
    ['tinyint(1)', '5', 'smallint', '5'],
    ['bit(1)', `b'1'`, 'boolean', '1'],
    ['bit(9)', `b'100000001'`, 'bit(9)', '100000001'],
    ['bit(64)', `b'${'1'.repeat(64)}'`, 'bit(64)', '1'.repeat(64)],
    ['bit(9)', 'null', 'text', '\\N'],
    ['int(5) zerofill', '42', 'bigint', '42'],
    ['bigint unsigned', '18446744073709551615', 'numeric(20,0)', '18446744073709551615'],
    ['bigint unsigned zerofill', '18446744073709551615', 'numeric(20,0)', '18446744073709551615'],
    ['bigint', '-9223372036854775808', 'bigint', '-9223372036854775808'],
    [
      'decimal(65,30)',
      `'${'9'.repeat(35)}.${'8'.repeat(30)}'`,
      'numeric(65,30)',
      `${'9'.repeat(35)}.${'8'.repeat(30)}`,
    ],
    ['decimal(5,2)', '-0.5', 'numeric(5,2)', '-0.50'],
    ['float', '0.1', 'real', '0.10000000149011612'],
    ['float', '16777216', 'real', '16777216'],
    ['float', '3.4028234e38', 'real', '3.4028234663852886e38'],
    ['float(7,2)', '12345.67', 'real', '12345.669921875'],
    ['double', '0.1e0 + 0.2e0', 'double precision', '0.30000000000000004'],
    ['double', '1.7976931348623157e308', 'double precision', '1.7976931348623157e308'],
    ['double', '5e-324', 'double precision', '5e-324'],
    ['double(10,2)', '0.25', 'double precision', '0.25'],
    ['year', '2155', 'smallint', '2155'],
    ['year', '0', 'smallint', '0'],
    ['char(7)', `'a  '`, 'varchar(7)', 'a'],
    ['varchar(7)', `'a  '`, 'varchar(7)', 'a  '],
    ['varchar(20) character set latin1', `'é€'`, 'text', 'é€'],
    ['varchar(20) character set utf16', `'😀'`, 'text', '😀'],
    ['longtext', `'a\\t\\n\\r\\\\N'`, 'text', 'a\\t\\n\\r\\\\N'],
    [`enum('a\\tb','ü')`, `'ü'`, 'text', 'ü'],
    [`set('x','y')`, `'x,y'`, 'text', 'x,y'],
    ['varbinary(3)', `x'00ff5c'`, 'bytea', '00ff5c'],
    ['blob', `''`, 'bytea', ''],
    ['date', `'2024-02-29'`, 'date', '2024-02-29'],
    ['date', `'0000-00-00'`, 'date', 'BAD_ROWS'],
    ['datetime(6)', `'9999-12-31 23:59:59.999999'`, 'timestamp', '9999-12-31T23:59:59.999999'],
    ['datetime', `'2024-02-29 23:59:59'`, 'timestamp', '2024-02-29T23:59:59.000000'],
    ['datetime', `'0000-00-00 00:00:00'`, 'timestamp', 'BAD_ROWS'],
    ['datetime', 'null', 'timestamp', '\\N'],
    ['timestamp(3) null', `'2024-02-29 23:59:59.123'`, 'timestamptz', '2024-02-29T23:59:59.123000Z'],
    ['time(6)', `'23:59:59.500000'`, 'time', '23:59:59.5'],
    ['time', `'10:00:00'`, 'time', '10:00:00'],
    ['time', `'24:00:01'`, 'time', 'BAD_ROWS'],
    ['time', `'-00:00:01'`, 'time', 'BAD_ROWS'],
    ['time', `'-838:59:59'`, 'interval', '-838:59:59'],
    ['char(36)', `'00000000-0000-0000-0000-0000000000FF'`, 'uuid', '00000000-0000-0000-0000-0000000000ff'],
    ['char(36)', `'zz'`, 'uuid', 'BAD_ROWS'],
    ['json', `'["a\\\\"b", null, "\\\\u0001"]'`, 'text[]', '["a\\\\"b",null,"\\\\u0001"]'],
    ['json', `'[1, 9007199254740993]'`, 'bigint[]', '[1,9007199254740993]'],
    ['json', `'[]'`, 'text[]', '[]'],
    ['json', `'{"a": 1}'`, 'text[]', 'BAD_ROWS'],
    ['json', `'[["a"]]'`, 'text[]', 'BAD_ROWS'],
  ])('reads a %s of %s as %s', async (column, sql, type, sent) => {
    expect(await read(column, sql, type)).toBe(sent);
  });

  it('writes what a format writes otherwise', async () => {
    expect(await read('tinyint(1)', '1', 'boolean', 'json-lines')).toBe('{"value":true}');
    expect(await read('tinyint(1)', 'null', 'boolean', 'json-lines')).toBe('{"value":null}');
    expect(await read('blob', `x'00ff'`, 'bytea', 'json-lines')).toBe('{"value":"\\\\x00ff"}');
    expect(await read('blob', `x'00ff'`, 'bytea', 'postgres-text')).toBe('\\\\x00ff');
    expect(await read('text', `'"\\\\\\n\\t\\r\\b\\Z/é😀'`, 'text', 'json-lines').then(JSON.parse)).toEqual({
      value: '"\\\n\t\r\b\u001a/é😀',
    });
    expect(await read('json', `'["a\\\\"\\\\\\\\", null]'`, 'text[]', 'postgres-text')).toBe('{"a\\\\"\\\\\\\\",NULL}');
    expect(await read('json', `'[1, 2]'`, 'integer[]', 'csv')).toBe('"[""1"",""2""]"');
    expect(await read('text', `'\\\\N'`, 'text', 'csv')).toBe('"\\N"');
    expect(await read('text', 'null', 'text', 'csv')).toBe('\\N');
  });

  it('rounds and cuts only where that is declared', async () => {
    expect(await read('decimal(6,3)', '4.995', 'numeric(5,2)', 'text-rows', true)).toBe('5.00');
    expect(await read('varchar(9)', `'äbcd'`, 'varchar(3)', 'text-rows', true)).toBe('äbc');
    expect(await read('datetime(6)', `'2024-12-31 23:59:59.9996'`, 'timestamp(3)', 'text-rows', true)).toBe(
      '2025-01-01T00:00:00.000000',
    );
  });

  it('gives up on a server that takes the connection and says nothing', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    try {
      const { port } = silent.address() as AddressInfo;
      const connector = new MysqlConnector({ ...source.place, host: '127.0.0.1', port });
      await expect(connector.testConnection()).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
    } finally {
      silent.close();
    }
  }, 20_000);
}
