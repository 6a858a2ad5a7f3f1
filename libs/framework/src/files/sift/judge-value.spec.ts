import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseColumnType } from '../../model/column-type.ts';
import { duckDbLiteral, openDuckDb, type DuckDb } from '../duckdb.ts';
import { judgeValue } from './judge-value.ts';

/** Type → text → the value in the form of csv, or the reason in angle brackets. */
const judged: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  boolean: {
    true: '1',
    F: '0',
    ' yes ': '1',
    off: '0',
    1: '1',
    2: '<wrong_type>',
    '': '<wrong_type>',
    'a\0': '<invalid_text>',
  },
  smallint: { 32767: '32767', 32768: '<out_of_range>', '-32768': '-32768' },
  integer: {
    ' 42 ': '42',
    '+007': '7',
    '-0': '0',
    '1.0': '<wrong_type>',
    '1e3': '<wrong_type>',
    '1_000': '<wrong_type>',
    '0x10': '<wrong_type>',
    '12\n': '<wrong_type>',
    '١٢': '<wrong_type>',
    '': '<wrong_type>',
    '2147483648': '<out_of_range>',
    [`1${'0'.repeat(400)}`]: '<out_of_range>',
  },
  bigint: {
    '9223372036854775807': '9223372036854775807',
    '-9223372036854775808': '-9223372036854775808',
    '9223372036854775808': '<out_of_range>',
    '9007199254740993': '9007199254740993',
  },
  'numeric(5,2)': {
    '0.1': '0.10',
    '-999.99': '-999.99',
    '1000': '<out_of_range>',
    '999.995': '<too_precise>',
    '1.2300': '1.23',
    '.5': '0.50',
    '5.': '5.00',
    '-.0': '0.00',
    '1e2': '100.00',
    '1E-2': '0.01',
    '1e-3': '<too_precise>',
    '0e999': '0.00',
    '1e99999': '<out_of_range>',
    NaN: '<wrong_type>',
    '1,5': '<wrong_type>',
    '.': '<wrong_type>',
  },
  'numeric(40,2)': { [`${'9'.repeat(38)}.5`]: `${'9'.repeat(38)}.50`, [`1${'0'.repeat(38)}`]: '<out_of_range>' },
  'numeric(3,-2)': { '12300': '12300', '12345': '<too_precise>', '123456': '<out_of_range>' },
  'numeric(2,5)': { '0.00012': '0.00012', '0.001': '<out_of_range>' },
  numeric: {
    '12345678901234567890.1234567890': '12345678901234567890.1234567890',
    '-0.10': '-0.10',
    '1.5e3': '1500',
    '1e-5': '0.00001',
    '007': '7',
  },
  real: { '0.1': '0.1', '1e40': '<out_of_range>', '1e-50': '<out_of_range>', Infinity: 'Infinity' },
  'double precision': {
    '0.1': '0.1',
    '1e400': '<out_of_range>',
    '-1e400': '<out_of_range>',
    '1e-400': '<out_of_range>',
    '0.0e5': '0.0',
    nan: 'NaN',
    '-inf': '-Infinity',
    '1e300': '1e+300',
    x: '<wrong_type>',
  },
  text: { '': '', "'; drop table x; --": "'; drop table x; --", 'a\0b': '<invalid_text>', '\\N': '\\N' },
  'varchar(3)': { äöü: 'äöü', '😀😀😀': '😀😀😀', 'abc ': '<too_long>', äöüx: '<too_long>' },
  'char(3)': { x: 'x  ', xyz1: '<too_long>' },
  date: {
    '2024-02-29': '2024-02-29',
    '2023-02-29': '<out_of_range>',
    '2024-02-29 x': '<wrong_type>',
    '2024-2-29': '<wrong_type>',
    '2024-02-29T00:00:00': '<wrong_type>',
    '0000-00-00': '<out_of_range>',
    '0000-01-01': '<out_of_range>',
    '9999-12-31': '9999-12-31',
    '10000-01-01': '<wrong_type>',
    '29.02.2024': '<wrong_type>',
    infinity: 'infinity',
  },
  timestamp: {
    '2024-02-29 23:59:59.999999': '2024-02-29 23:59:59.999999',
    '2024-02-29T10:00': '2024-02-29 10:00:00.000000',
    '2024-02-29 24:00:00': '<wrong_type>',
    '2024-02-29 23:59:60': '<wrong_type>',
    '2024-02-30 10:00:00': '<out_of_range>',
    '2024-02-29 10:00:00Z': '<wrong_type>',
    '2024-02-29 10:00:00+02': '<wrong_type>',
    '2024-02-29 10:00:00.1234567': '<too_precise>',
    '2024-02-29 10:00:00.123456000': '2024-02-29 10:00:00.123456',
    '2024-02-29': '<wrong_type>',
  },
  'timestamp(3)': {
    '2024-02-29 10:00:00.123': '2024-02-29 10:00:00.123000',
    '2024-02-29 10:00:00.1234': '<too_precise>',
  },
  timestamptz: {
    '2024-02-29 10:00:00.123456+02:30': '2024-02-29 07:30:00.123456+00',
    '2024-02-29T10:00:00z': '2024-02-29 10:00:00.000000+00',
    '2024-02-29 10:00:00 -0230': '2024-02-29 12:30:00.000000+00',
    '2024-02-29 10:00:00': '2024-02-29 10:00:00.000000+00',
    '2024-02-29 10:00:00 CET': '<wrong_type>',
    '9999-12-31 23:59:59-02': '<out_of_range>',
    '0001-01-01 00:00:00+02': '<out_of_range>',
    '-infinity': '-infinity',
  },
  time: {
    '24:00:00': '24:00:00',
    '10:30': '10:30:00',
    '10:30:00.100': '10:30:00.1',
    '24:00:01': '<wrong_type>',
    '10:30:00.1234567': '<too_precise>',
  },
  timetz: { '12:00:00.50+0530': '12:00:00.5+05:30', '12:00z': '12:00:00+00', '12:00:00+02:00': '12:00:00+02' },
  uuid: {
    '00000000-0000-0000-0000-0000000000FF': '00000000-0000-0000-0000-0000000000ff',
    '0000-00000000-0000-0000-0000000000FF': '<wrong_type>',
  },
  json: {
    '{"a": 1, "b": "NaN,]"}': '{"a": 1, "b": "NaN,]"}',
    '{"a":1,}': '<wrong_type>',
    '[NaN]': '<wrong_type>',
    '[-Infinity]': '<wrong_type>',
    '"\\\\u0000"': '"\\\\u0000"',
    '"\\u0000"': '"\\u0000"',
    '{': '<wrong_type>',
    '': '<wrong_type>',
  },
  jsonb: { '"\\u0000"': '<invalid_text>', '"\\\\u0000"': '"\\\\u0000"', '"\\\\\\u0000"': '<invalid_text>' },
  bytea: { '\\x00FF': '00ff', '\\x': '', '\\x0': '<wrong_type>', abc: '<wrong_type>' },
  'text[]': {
    '["a,b", null, "", "\\"x\\\\"]': '["a,b",null,"","\\"x\\\\"]',
    '[]': '[]',
    '[["a"]]': '<wrong_type>',
    '[{}]': '<wrong_type>',
    '{a,b}': '<wrong_type>',
    '"a"': '<wrong_type>',
  },
  'bigint[]': {
    '[9007199254740993, null]': '["9007199254740993",null]',
    '["1"]': '["1"]',
    '[1.5]': '<wrong_type>',
    '[]': '[]',
  },
  'numeric[]': { '[12345678901234567890.1234567890, 1.50]': '["12345678901234567890.1234567890","1.50"]' },
  'date[]': { '["2024-02-29"]': '["2024-02-29"]', '["2023-02-29"]': '<out_of_range>' },
  inet: { '10.0.0.1/8': '10.0.0.1/8', 'a\0': '<invalid_text>' },
};

describe('judging texts in DuckDB', () => {
  let folder: string;
  let duckdb: DuckDb;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'datakit-judge-'));
    duckdb = await openDuckDb(folder);
  });
  afterAll(() => {
    duckdb[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Bound, because DuckDB's statements end at a NUL. */
  async function judge(type: string, texts: readonly string[], lossy = false): Promise<Record<string, string | null>> {
    const { problem, value } = judgeValue(parseColumnType(type), 't', lossy);
    const columns = texts.map((text) => duckDbLiteral(Buffer.from(text).toString('hex'))).join(', ');
    const rows = await duckdb.connection.runAndReadAll(
      `select t, ${problem} as problem, case when problem is null then ${value} end as value
       from (select decode(unhex(unnest([${columns}]))) as t)`,
    );
    return Object.fromEntries(
      rows.getRowsJson().map(([text, reason, kept]) => [text, reason === null ? kept : `<${String(reason)}>`]),
    ) as Record<string, string | null>;
  }

  it.each(Object.keys(judged))('%s is exact or refused', async (type) => {
    const expected = judged[type] ?? {};
    expect(await judge(type, Object.keys(expected))).toEqual(expected);
  });

  it('rounds and cuts where the column is lossy', async () => {
    expect(await judge('numeric(5,2)', ['1.005', '-1.005', '999.999'], true)).toEqual({
      '1.005': '1.01',
      '-1.005': '-1.01',
      '999.999': '<out_of_range>',
    });
    expect(await judge('varchar(3)', ['äöüx'], true)).toEqual({ äöüx: 'äöü' });
    expect(await judge('timestamptz(3)', ['2024-02-29 10:00:00.1235Z'], true)).toEqual({
      '2024-02-29 10:00:00.1235Z': '2024-02-29 10:00:00.124000+00',
    });
  });
});
