/** One value: how PostgreSQL writes it, and its form where types are not PostgreSQL's. */
export type OddValue = readonly [sql: string, portable: string | null | 'refused'];

const allBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0')).join('');
const long = 'ä€\t'.repeat(3_400);

const text = (value: string): OddValue => [
  `E'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`,
  `text:${value}`,
];
const texts: readonly OddValue[] = [
  text(''),
  text('\\N'),
  text('\\.'),
  text('NULL'),
  text('a\tb'),
  text('a\nb'),
  text('a\r\nb'),
  text('\\'),
  text('\\t\\n\\x41\\101'),
  text(`'"\`,;`),
  text('\b\f\v\u007F'),
  text(Array.from({ length: 31 }, (_, code) => String.fromCharCode(code + 1)).join('')),
  text(`'), (99, (select user())) -- `),
  text(`\\'; drop table pet; --`),
  text('😀 é e\u0301 \u202E'),
  text(' padded '),
  text(long),
  ['null', null],
];

/** The values that a load must not change, the odd ones first. */
export const oddValues: Readonly<Record<string, readonly OddValue[]>> = {
  text: texts,
  varchar: texts,
  'varchar(3)': [
    ["''", 'text:'],
    ["'äöü'", 'text:äöü'],
    ['null', null],
  ],
  'char(20)': [
    ["'x'", `text:${'x'.padEnd(20)}`],
    ["''", `text:${' '.repeat(20)}`],
    ['null', null],
  ],
  bpchar: [
    ["'longer than one'", 'text:longer than one'],
    ["'x  '", 'text:x  '],
  ],
  boolean: [
    ['true', 'integer:1'],
    ['false', 'integer:0'],
    ['null', null],
  ],
  smallint: [
    ['-32768', 'integer:-32768'],
    ['32767', 'integer:32767'],
  ],
  integer: [
    ['-2147483648', 'integer:-2147483648'],
    ['null', null],
  ],
  bigint: [
    ['9007199254740993', 'integer:9007199254740993'],
    ['-9223372036854775808', 'integer:-9223372036854775808'],
    ['9223372036854775807', 'integer:9223372036854775807'],
    ['null', null],
  ],
  real: [
    ["'1e-40'", 'real:1.0e-40'],
    ['0.5', 'real:0.5'],
    ["'Infinity'", 'real:Inf'],
  ],
  'double precision': [
    ['0.1', 'real:0.1'],
    // SQLite stores whole numbers as integers, which have one zero.
    ["'-0'", 'real:0.0'],
    ["'1e300'", 'real:1.0e+300'],
    ["'Infinity'", 'real:Inf'],
    ["'-Infinity'", 'real:-Inf'],
    ["'NaN'", 'refused'],
    ['null', null],
  ],
  numeric: [
    ['12345678901234567890.1234567890', 'text:12345678901234567890.1234567890'],
    ['0.000000000000000000000000000001', 'text:0.000000000000000000000000000001'],
    ['-0.10', 'text:-0.10'],
    ["'NaN'", 'text:NaN'],
    ["'Infinity'", 'text:Infinity'],
    ["'-Infinity'", 'text:-Infinity'],
    ['null', null],
  ],
  'numeric(5,2)': [
    ['0.10', 'text:0.10'],
    ['-999.99', 'text:-999.99'],
  ],
  uuid: [["'00000000-0000-0000-0000-0000000000FF'", 'text:00000000-0000-0000-0000-0000000000ff']],
  date: [
    ["'infinity'", 'text:infinity'],
    ["'-infinity'", 'text:-infinity'],
    ["'0044-03-15 BC'", 'text:0044-03-15 BC'],
    ["'12345-01-01'", 'text:12345-01-01'],
    ["'2024-02-29'", 'text:2024-02-29'],
  ],
  timestamptz: [
    ["'infinity'", 'text:infinity'],
    ["'-infinity'", 'text:-infinity'],
    ["'0044-03-15 12:00:00.5+00 BC'", 'text:0044-03-15 12:00:00.5+00 BC'],
    ["'2024-02-29 23:59:59.999999+02'", 'text:2024-02-29T21:59:59.999999Z'],
    ["'2024-01-01 00:00:00+00'", 'text:2024-01-01T00:00:00.000000Z'],
    ["'0001-01-01 00:00:00+00'", 'text:0001-01-01T00:00:00.000000Z'],
    ["'20240-01-01 00:00:00+00'", 'text:20240-01-01T00:00:00.000000Z'],
    ['null', null],
  ],
  timestamp: [
    ["'infinity'", 'text:infinity'],
    ["'0044-03-15 12:00:00 BC'", 'text:0044-03-15 12:00:00 BC'],
    ["'2024-02-29 23:59:59.000001'", 'text:2024-02-29T23:59:59.000001'],
  ],
  time: [
    ["'24:00:00'", 'text:24:00:00'],
    ["'00:00:00.000001'", 'text:00:00:00.000001'],
  ],
  timetz: [["'12:00:00.5+05:30'", 'text:12:00:00.5+05:30']],
  interval: [
    ["'1 mon -2 days 00:00:00.000001'", 'text:1 mon -2 days +00:00:00.000001'],
    ["'0'", 'text:00:00:00'],
  ],
  bytea: [
    ["'\\x'", 'blob:'],
    [`'\\x${allBytes}'`, `blob:${allBytes.toUpperCase()}`],
    ["'\\x5c4e'", 'blob:5C4E'],
    ['null', null],
  ],
  json: [
    [`'{"b": 1,  "a": "\\u00e4\\n\\\\", "b": 2}'`, 'text:{"b": 1,  "a": "\\u00e4\\n\\\\", "b": 2}'],
    ["'null'", 'text:null'],
    ['null', null],
  ],
  jsonb: [
    [`'{"b":1,"a":12345678901234567890.10}'`, 'text:{"a": 12345678901234567890.10, "b": 1}'],
    ["'null'", 'text:null'],
    ['null', null],
  ],
  'text[]': [
    ["'{}'", 'text:[]'],
    [
      `ARRAY[null, '', 'NULL', 'a"b', 'c,d', E'e\\\\f', '{x}', E'g\\th']`,
      `text:[null,"","NULL","a\\"b","c,d","e\\\\f","{x}","g\\th"]`,
    ],
    [`'{{a,b},{c,NULL}}'`, 'text:[["a","b"],["c",null]]'],
    ['null', null],
  ],
  'json[]': [[`ARRAY['[1,"x"]', 'null', '"a\\\\b"']::json[]`, 'text:[[1,"x"],null,"a\\\\b"]']],
  'bytea[]': [[`ARRAY['\\x00ff'::bytea, null]`, 'text:["\\\\x00ff",null]']],
  'boolean[]': [["'{t,f,NULL}'", 'text:[true,false,null]']],
  'integer[]': [["'[0:1]={1,2}'", 'text:[0:1]={1,2}']],
  'bigint[]': [["'{9007199254740993,NULL}'", 'text:[9007199254740993,null]']],
  tsvector: [
    [`'''it''''s'':1A fat:2,3'`, `text:'fat':2,3 'it''s':1A`],
    ["''", 'text:'],
  ],
  inet: [["'10.0.0.1/8'", 'text:10.0.0.1/8']],
  int4range: [
    ["'(1,5]'", 'text:[2,6)'],
    ["'empty'", 'text:empty'],
  ],
};
