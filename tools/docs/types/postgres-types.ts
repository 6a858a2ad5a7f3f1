import type { EdgeValue, SourceType, SourceTypes } from './source-type.ts';

/** Values by label, as text literals of the type. */
function literals(values: Readonly<Record<string, string>>): EdgeValue[] {
  return Object.entries(values).map(([label, text]) => ({ label, sql: `'${text.replaceAll("'", "''")}'` }));
}

const zones = {
  'hour that a clock skips': '2024-03-31 02:30:00 Europe/Berlin',
  'hour that a clock repeats': '2024-10-27 02:30:00 Europe/Berlin',
};
const instants = {
  infinity: 'infinity',
  '-infinity': '-infinity',
  'before Christ': '0044-03-15 12:00:00.5 BC',
  'year 1': '0001-01-01 00:00:00',
  'year 9999': '9999-12-31 23:59:59.999999',
  'after 9999': '12345-01-01 00:00:00',
  microseconds: '2024-02-29 23:59:59.000001',
};
/** Without the type's own first and last, which differ. */
const days = {
  infinity: 'infinity',
  '-infinity': '-infinity',
  'before Christ': '0044-03-15 BC',
  'year 1': '0001-01-01',
  'year 9999': '9999-12-31',
  'after 9999': '12345-01-01',
  'leap day': '2024-02-29',
};
const floats = { NaN: 'NaN', Infinity: 'Infinity', '-Infinity': '-Infinity', '-0': '-0', fraction: '0.1' };
const words = (sized: boolean): EdgeValue[] => [
  ...literals({ empty: '', 'word NULL': 'NULL', '\\N': '\\N', quotes: `'"\`,;\\`, 'four-byte character': '𝄞😀' }),
  { label: 'lines', sql: `E'a\\r\\nb\\tc'` },
  ...(sized ? [] : [{ label: '10 MB', sql: `repeat('ä€𝄞x\\n', 950000)` }]),
];
const type = (name: string, values: readonly EdgeValue[], declared?: string): SourceType => ({
  type: name,
  values: [...values, { label: 'null', sql: 'null' }],
  ...(declared === undefined ? {} : { declared }),
});
const digits = (count: number): string => '1234567890'.repeat(count / 10 + 1).slice(0, count);

const numbers: readonly SourceType[] = [
  type('boolean', literals({ true: 'true', false: 'false' })),
  type('smallint', literals({ least: '-32768', greatest: '32767' })),
  type('integer', literals({ least: '-2147483648', greatest: '2147483647' })),
  type(
    'bigint',
    literals({ least: '-9223372036854775808', greatest: '9223372036854775807', '2^53+1': '9007199254740993' }),
  ),
  type('real', literals({ ...floats, least: '1e-45', greatest: '3.4028235e38' })),
  type(
    'double precision',
    literals({ ...floats, least: '5e-324', greatest: '1.7976931348623157e308', '1/3': '0.3333333333333333' }),
  ),
  type(
    'numeric',
    literals({
      NaN: 'NaN',
      Infinity: 'Infinity',
      '38 digits': digits(38),
      '100 digits': `-${digits(50)}.${digits(50)}`,
      zeros: '0.1000',
    }),
  ),
  type('numeric(5,2)', literals({ NaN: 'NaN', least: '-999.99', zeros: '0.10' })),
  type('numeric(38,10)', literals({ NaN: 'NaN', greatest: `${digits(28)}.${digits(10)}` })),
  type('numeric(65,30)', literals({ NaN: 'NaN', greatest: `${digits(35)}.${digits(30)}` })),
  type('numeric(100,50)', literals({ NaN: 'NaN', greatest: `${digits(50)}.${digits(50)}` })),
  type('numeric(3,-2)', literals({ rounded: '12345' })),
  type('numeric(2,5)', literals({ small: '0.00012' })),
  type('money', literals({ least: '-92233720368547758.08', cents: '0.01' })),
];

const texts: readonly SourceType[] = [
  type('text', words(false)),
  type('character varying(20)', words(true)),
  type('character(20)', [...words(true), ...literals({ padded: 'x' })]),
  type('bpchar', [...words(true), ...literals({ 'blanks at the end': 'x  ' })]),
  type('"char"', literals({ letter: 'x', empty: '' })),
  type('name', literals({ longest: 'n'.repeat(63), quotes: `"it's"` })),
  type('citext', literals({ case: 'AbC', empty: '' })),
  type('bytea', [
    ...literals({
      empty: '\\x',
      'all bytes': `\\x${Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('hex')}`,
    }),
    { label: '10 MB', sql: `decode(repeat('00ff5c0a', 2500000), 'hex')` },
  ]),
  type(
    'uuid',
    literals({ lower: '00000000-0000-0000-0000-0000000000ff', greatest: 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF' }),
  ),
  type('xml', literals({ element: '<a b="1">x &amp; <c/></a>' })),
  type('mood', literals({ quoted: `it's`, comma: 'a,b' }), 'text'),
  type('positive', literals({ greatest: '2147483647' }), 'integer'),
  type('pair', literals({ quoted: '(1,"a ""b"", c")', empty: '(,)' }), 'text'),
];

const times: readonly SourceType[] = [
  type('date', literals({ ...days, last: '5874897-12-31' })),
  type('time', literals({ 'end of day': '24:00:00', microseconds: '00:00:00.000001' })),
  type('time(3)', literals({ milliseconds: '23:59:59.999' })),
  type('time with time zone', literals({ 'end of day': '24:00:00+14', 'half an hour': '12:00:00.5-03:30' })),
  type('timestamp', literals({ ...instants, last: '294276-12-31 23:59:59.999999' })),
  type('timestamp(3)', literals({ milliseconds: '2024-02-29 23:59:59.999', infinity: 'infinity' })),
  type('timestamp with time zone', literals({ ...instants, ...zones, last: '294276-12-31 23:59:59.999999+00' })),
  type(
    'interval',
    literals({
      mixed: '1 mon -2 days 00:00:00.000001',
      long: '178000000 years',
      zero: '0',
      negative: '-1 year -23:59:59',
    }),
  ),
  type('interval year to month', literals({ months: '3 years 2 months' })),
];

const documents: readonly SourceType[] = [
  type('json', [
    ...literals({
      'big number': '{"n":123456789012345678901234567890.10, "e": 1e1000}',
      'key twice': '{"b": 1, "a": 2, "b": 3}',
      null: 'null',
    }),
    { label: 'several lines', sql: `E'{\\n  "a":\\t"\\\\u00e4\\\\n"\\r\\n}'` },
  ]),
  type(
    'jsonb',
    literals({
      'big number': '{"n":123456789012345678901234567890.10}',
      nested: '{"a":[{"b":[]},null,"\\u00e4"]}',
      null: 'null',
    }),
  ),
  type('jsonpath', literals({ filter: '$."a"[*]?(@ > 1)' })),
  type('hstore', literals({ quoted: '"a"=>"x, \\"y\\"", "b"=>NULL' })),
  type('tsvector', literals({ weights: `'it''''s':1A fat:2,3`, empty: '' })),
  type('tsquery', literals({ phrase: `'fat' <-> 'rat':AB & !cat` })),
];

const networks: readonly SourceType[] = [
  type('inet', literals({ network: '10.0.0.1/8', v6: '::ffff:1.2.3.4/128' })),
  type('cidr', literals({ network: '10.0.0.0/8', v6: '2001:db8::/32' })),
  type('macaddr', literals({ address: '08:00:2b:01:02:03' })),
  type('macaddr8', literals({ address: '08:00:2b:01:02:03:04:05' })),
  type('bit(8)', literals({ bits: '10000001' })),
  type('bit varying(20)', literals({ bits: '101', empty: '' })),
];

const shapes: readonly SourceType[] = [
  type('point', literals({ fraction: '(0.1,-1e300)', infinite: '(Infinity,NaN)' })),
  type('line', literals({ slope: '{1,-1,0.1}' })),
  type('lseg', literals({ segment: '[(0,0),(0.1,1)]' })),
  type('box', literals({ corners: '(1,1),(0,0)' })),
  type('path', literals({ open: '[(0,0),(1,1)]', closed: '((0,0),(1,1))' })),
  type('polygon', literals({ triangle: '((0,0),(1,0),(0.1,1))' })),
  type('circle', literals({ circle: '<(0,0),0.1>' })),
];

const ranges: readonly SourceType[] = [
  type('int4range', literals({ bounds: '(1,5]', empty: 'empty', endless: '[1,)' })),
  type('int8range', literals({ bounds: '[-9223372036854775808,9223372036854775807)' })),
  type('numrange', literals({ bounds: '[0.10,1e30)' })),
  type('tsrange', literals({ bounds: '[2024-01-01 00:00:00.000001,infinity)' })),
  type('tstzrange', literals({ bounds: '[2024-01-01 00:00:00+02,)' })),
  type('daterange', literals({ bounds: '[0044-03-15 BC,2024-02-29]' })),
  type('int4multirange', literals({ several: '{[1,3),[5,9)}', empty: '{}' })),
  type('nummultirange', literals({ several: '{(0.1,0.2],[5,)}' })),
  type('datemultirange', literals({ several: '{[2024-01-01,2024-02-01)}' })),
];

const lists = { empty: '{}', nulls: '{NULL}' };
const arrays: readonly SourceType[] = [
  type('text[]', [
    ...literals({
      ...lists,
      'nested arrays': '{{a,b},{c,NULL}}',
      'bounds from 0': '[0:1]={a,b}',
      quotes: `{"NULL",NULL,"","a\\"b","c,d","e\\\\f","{x}",it's}`,
    }),
    { label: 'lines', sql: `array[E'a\\nb\\tc']` },
  ]),
  type('integer[]', literals({ ...lists, 'nested arrays': '{{1,2},{3,NULL}}', least: '{-2147483648}' })),
  type('bigint[]', literals({ ...lists, '2^53+1': '{9007199254740993,NULL}' })),
  type('numeric[]', literals({ ...lists, NaN: '{NaN}', '100 digits': `{${digits(50)}.${digits(50)},0.10}` })),
  type('numeric(30,10)[]', literals({ ...lists, NaN: '{NaN}', greatest: `{${digits(20)}.${digits(10)}}` })),
  type('double precision[]', literals({ ...lists, NaN: '{NaN,Infinity}', fraction: '{0.1,5e-324}' })),
  type('boolean[]', literals({ ...lists, both: '{t,f,NULL}' })),
  type('bytea[]', literals({ ...lists, bytes: '{"\\\\x00ff5c"}' })),
  type('uuid[]', literals({ ...lists, uuid: '{00000000-0000-0000-0000-0000000000ff}' })),
  type(
    'date[]',
    literals({ ...lists, infinity: '{infinity}', 'before Christ': '{"0044-03-15 BC"}', days: '{2024-02-29}' }),
  ),
  type(
    'timestamp with time zone[]',
    literals({
      ...lists,
      infinity: '{infinity}',
      'before Christ': '{"0044-03-15 12:00:00+00 BC"}',
      microseconds: '{"2024-02-29 23:59:59.000001+02"}',
    }),
  ),
  type('interval[]', literals({ ...lists, mixed: '{"1 mon -2 days 00:00:00.000001"}' })),
  type('jsonb[]', literals({ ...lists, 'big number': '{"{\\"n\\":12345678901234567890.10}",null}' })),
  type('mood[]', literals({ ...lists, values: `{"it's","a,b"}` }), 'text[]'),
  type('pair[]', literals({ ...lists, values: '{"(1,\\"a b\\")"}' }), 'text[]'),
  type('inet[]', literals({ ...lists, network: '{10.0.0.1/8}' })),
  type('int4range[]', literals({ ...lists, range: '{"[1,5)",empty}' })),
];

const system: readonly SourceType[] = [
  type('oid', literals({ greatest: '4294967295' })),
  type('regclass', literals({ table: 'pg_class' }), 'text'),
  type('xid8', literals({ greatest: '18446744073709551615' })),
  type('pg_lsn', literals({ place: '16/B374D848' })),
  type('tid', literals({ place: '(1,2)' })),
  type('aclitem', literals({ right: 'tester=r/tester' }), 'text'),
];

/** Every type of PostgreSQL that we know, as Debian's server with `hstore` and `citext` has them. */
export const postgresTypes: SourceTypes = {
  source: 'PostgreSQL',
  setup: `
    create extension hstore; create extension citext;
    create type mood as enum ('it''s', 'a,b');
    create domain positive as integer check (value > 0);
    create type pair as (a integer, b text);`,
  types: [...numbers, ...texts, ...times, ...documents, ...networks, ...shapes, ...ranges, ...arrays, ...system],
};
