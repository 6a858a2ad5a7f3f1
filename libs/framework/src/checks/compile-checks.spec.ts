import { defineEntity, p } from '@mikro-orm/core';
import { describe, expect, it } from '@jest/globals';
import { datakitOf } from '../engines/contract/contract-fixture.ts';
import { engine } from '../engines/sqlite/engine.ts';
import type { Expectation } from '../model/expectation.ts';
import {
  acceptedValues,
  freshness,
  matches,
  notNull,
  range,
  relationship,
  rowCount,
  sql,
  unique,
} from '../model/expectations.ts';
import { table } from '../model/table.ts';
import { expectedTables } from '../structure/expected-tables.ts';
import { compileChecks } from './compile-checks.ts';
import { runChecks } from './run-checks.ts';

const Studio = defineEntity({ name: 'Studio', tableName: 'studio', properties: { id: p.uuid().primary() } });
const Film = defineEntity({
  name: 'Film',
  tableName: 'film',
  properties: {
    id: p.integer().primary().autoincrement(false),
    title: p.text(),
    length: p.smallint().nullable(),
    price: p.decimal().precision(5).scale(2),
    tags: p.array(),
    shown: p.datetime(6),
  },
});
const Elsewhere = defineEntity({ name: 'Elsewhere', properties: { id: p.integer().primary() } });

const compiled = (...expect: Expectation[]) =>
  compileChecks(expectedTables(datakitOf([table(Film, { expect } as never), Studio]), engine), engine);

describe('an expectation', () => {
  it.each<[string, Expectation, string]>([
    ['of an unknown column', unique('titel'), 'titel'],
    ['of no column', unique([]), 'names no column'],
    ['not null of no column', notNull([]), 'names no column'],
    ['with a severity of its own', { ...unique('id'), severity: 'fatal' as never }, 'fatal'],
    ['of no known kind', { ...unique('id'), kind: 'odd' as never }, 'no known kind'],
    ['with an empty condition', unique('id', { where: ' ' }), 'empty "where"'],
    ['that accepts nothing', acceptedValues('title', []), 'accepts no value'],
    ['that accepts a number for a text', acceptedValues('title', [5]), 'text with 5'],
    ['that accepts a NUL', acceptedValues('title', ['a\0']), 'text with "a\\u0000"'],
    ['that accepts a fraction for a whole number', acceptedValues('length', [1.5]), 'accepts 1.5'],
    ['that accepts lists', acceptedValues('tags', ['a']), 'text[]'],
    ['of a range without ends', range('length', {}), 'has no end'],
    ['of a range with two ends on one side', range('length', { min: 1, above: 0 }), 'two on one side'],
    ['of a range of texts', range('title', { min: 'a' }), 'no number, date or time'],
    ['of a range with NaN', range('length', { min: NaN }), 'smallint with null'],
    ['of a range with a rounded number', range('length', { max: 2 ** 60 }), 'smallint with'],
    ['of a range with a date for a number', range('length', { max: new Date(0) }), 'smallint with that date'],
    ['of a range with no instant', range('shown', { max: 'tomorrow' }), '"tomorrow"'],
    ['of a pattern for a number', matches('length', '1'), 'no text'],
    ['of a pattern that is not portable', matches('title', '(?=a)'), 'not portable'],
    ['with a parent elsewhere', relationship('id', Elsewhere), 'no datakit has'],
    ['with a parent of another type', relationship('id', Studio), 'another type'],
    ['with a parent of more columns', relationship(['id', 'length'], Studio), '2 columns for the 1'],
    ['with an unknown column of the parent', relationship('id', Studio, { to: 'key' as never }), 'key'],
    ['that counts nothing', rowCount({}), 'gives no count'],
    ['that counts half a row', rowCount({ min: 0.5 }), 'min: 0.5'],
    ['of the age of a text', freshness('title', { maxAge: '1 day' }), 'no date and no instant'],
    ['of an odd age', freshness('shown', { maxAge: 'soon' }), '"soon"'],
    ['of an endless age', freshness('shown', { maxAge: '999999999 weeks' }), '999999999 weeks'],
    ['of an empty statement', sql(' '), 'no statement'],
    ['of an unknown placeholder', sql('select 1 from ${film}'), '${film}'],
    ['of an unknown table', sql('select 1 from ${table:nothing}'), '${table:nothing}'],
  ])('%s is refused', (_, expectation, words) => {
    expect(() => compiled(expectation)).toThrow(
      expect.objectContaining({ code: 'DATAKIT_INVALID', message: expect.stringContaining(words) }),
    );
  });

  it('needs the tables and columns that it looks at', () => {
    const needs = compiled(unique(['id', 'title']), sql('select 1 from ${table:studio}')).map((check) =>
      check.needs.map(({ table: { name }, columns }) => [name, ...columns].join(' ')),
    );
    expect(needs).toEqual([['contract_film id title'], ['contract_film', 'contract_studio']]);
  });
});

it('one scan decides all that goes row by row, and the key what it guarantees', async () => {
  const statements: string[] = [];
  await using session = await engine.connect({ engine: 'sqlite', file: ':memory:' });
  await session.execute('create table contract_film (id, title, length, price, tags, shown)');
  const watched = {
    ...session,
    query: (sql: string) => {
      statements.push(sql);
      return session.query(sql);
    },
  } as typeof session;
  const checks = compiled(
    unique('id'),
    notNull(['title', 'length', 'price']),
    range('length', { min: 1 }),
    range('price', { min: 0 }),
    acceptedValues('title', ['a', 'b']),
    matches('title', 'a'),
    rowCount({ max: 5 }),
    freshness('shown', { maxAge: '1 day', severity: 'warn' }),
    unique('title'),
  );
  const run = (hasItsKey: boolean) => runChecks(checks, engine, watched, { hasItsKey: () => hasItsKey });
  expect((await run(true)).map(({ finding }) => finding.check)).toEqual(['freshness']);
  expect(statements.filter((sql) => sql.includes('contract_film'))).toEqual([
    expect.stringMatching(/^select count\(\*\) as total/),
    expect.stringMatching(/group by "title"/),
  ]);
  statements.length = 0;
  await run(false);
  expect(statements.filter((sql) => sql.includes('group by'))).toHaveLength(2);
});
