import { describe, expect, it } from '@jest/globals';
import { parseColumnType } from './column-type.ts';
import { isShortening, isWidening } from './widening.ts';

describe('every value of one type', () => {
  it.each([
    ['timestamp(3)', 'timestamp'],
    ['timestamptz(0)', 'timestamptz(3)'],
    ['smallint', 'bigint'],
    ['bigint', 'numeric'],
    ['smallint', 'numeric(5,0)'],
    ['integer', 'numeric(12,2)'],
    ['real', 'double precision'],
    ['numeric(5,2)', 'numeric(6,3)'],
    ['numeric(5,2)', 'numeric'],
    ['varchar(5)', 'varchar(6)'],
    ['varchar(5)', 'text'],
    ['varchar', 'text'],
    ['text', 'varchar'],
    ['integer[]', 'bigint[]'],
    ['tsvector', 'tsvector'],
    ['tsvector', 'text'],
    ['inet[]', 'text[]'],
    ['char(3)', 'char(3)'],
  ])('of %s is one of %s', (from, to) => expect(isWidening(parseColumnType(from), parseColumnType(to))).toBe(true));

  it.each([
    ['timestamp', 'timestamp(3)'],
    ['timestamp', 'timestamptz'],
    ['timestamptz', 'text'],
    ['bigint', 'integer'],
    ['bigint', 'double precision'],
    ['bigint', 'numeric(18,0)'],
    ['integer', 'numeric(10,1)'],
    ['double precision', 'real'],
    ['numeric', 'numeric(38,10)'],
    ['numeric(5,2)', 'numeric(6,4)'],
    ['varchar(6)', 'varchar(5)'],
    ['varchar', 'varchar(5)'],
    ['text', 'varchar(1000000)'],
    ['char(3)', 'text'],
    ['char(3)', 'char(4)'],
    ['bigint[]', 'integer[]'],
    ['json', 'jsonb'],
    ['text', 'uuid'],
  ])('of %s is not one of %s', (from, to) =>
    expect(isWidening(parseColumnType(from), parseColumnType(to))).toBe(false),
  );
});

describe('a column that is declared lossy', () => {
  it.each([
    ['timestamp', 'timestamp(3)'],
    ['numeric', 'numeric(38,10)'],
    ['numeric(5,2)', 'double precision'],
    ['double precision', 'real'],
    ['text', 'varchar(5)'],
    ['numeric[]', 'numeric(5,2)[]'],
  ])('takes %s as %s', (from, to) => expect(isShortening(parseColumnType(from), parseColumnType(to))).toBe(true));

  it.each([
    ['bigint', 'integer'],
    ['timestamptz', 'timestamp'],
    ['text', 'uuid'],
    ['json', 'jsonb'],
  ])('does not take %s as %s', (from, to) =>
    expect(isShortening(parseColumnType(from), parseColumnType(to))).toBe(false),
  );
});
