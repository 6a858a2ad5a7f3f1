import { describe, expect, it } from '@jest/globals';
import { formatColumnType, parseColumnType } from './column-type.ts';

describe('a column type', () => {
  it.each([
    ['text; drop table canary'],
    [''],
    ['   '],
    ['()'],
    ['int('],
    ["text'"],
    ['text -- comment'],
    ['numeric(5)(2)'],
    ['\0'],
  ])('%j is none', (text) => {
    expect(() => parseColumnType(text)).toThrow(expect.objectContaining({ code: 'TYPE_UNSUPPORTED' }));
  });

  it.each([
    ['constructor', { kind: 'named', name: 'constructor' }],
    ['__proto__', { kind: 'named', name: '__proto__' }],
    ['"char"', { kind: 'named', name: '"char"' }],
    ['"My Schema"."My Type"', { kind: 'named', name: '"My Schema"."My Type"' }],
    ['geometry(Point,4326)', { kind: 'named', name: 'geometry(Point,4326)' }],
    ['bit varying(5)', { kind: 'named', name: 'bit varying(5)' }],
    ['INT4RANGE', { kind: 'named', name: 'int4range' }],
    ['bpchar', { kind: 'char' }],
    ['char', { kind: 'char', length: 1 }],
    ['bpchar(3)', { kind: 'char', length: 3 }],
    ['character varying', { kind: 'varchar' }],
    ['  Character   Varying ( 40 ) ', { kind: 'varchar', length: 40 }],
    ['numeric', { kind: 'numeric' }],
    ['decimal(7)', { kind: 'numeric', precision: 7, scale: 0 }],
    ['numeric(5, 2)', { kind: 'numeric', precision: 5, scale: 2 }],
    ['timestamptz(6)', { kind: 'timestamptz' }],
    ['timestamp(3) with time zone', { kind: 'timestamptz', precision: 3 }],
    ['timestamp (0) without time zone', { kind: 'timestamp', precision: 0 }],
    ['time with time zone', { kind: 'timetz' }],
    ['int8', { kind: 'bigint' }],
    ['float8', { kind: 'double' }],
    ['numeric(5,2)[]', { kind: 'array', of: { kind: 'numeric', precision: 5, scale: 2 } }],
    ['text[][]', { kind: 'array', of: { kind: 'array', of: { kind: 'text' } } }],
  ])('%j is read', (text, type) => expect(parseColumnType(text)).toEqual(type));

  it.each([
    'bpchar',
    'character(3)',
    'character varying',
    'character varying(40)',
    'numeric(5,2)[]',
    'timestamp(0) without time zone',
    'timestamp(3) with time zone',
    'time without time zone',
    'time(2) with time zone',
    'interval(3)',
    'double precision',
    'tsvector',
    '"My Type"',
  ])('%s is written as PostgreSQL shows it', (text) => expect(formatColumnType(parseColumnType(text))).toBe(text));
});
