import { defineEntity, p } from '@mikro-orm/core';
import { describe, expect, it } from '@jest/globals';
import { oddValues } from '../engines/contract/odd-values.ts';
import { readEntities } from '../engines/entity-metadata.ts';
import { formatColumnType, parseColumnType } from '../model/column-type.ts';
import { propertyBuilder } from './property-builder.ts';

/** Runs what would stand in the file of an entity. */
function typeOf(builder: string): string {
  const property = new Function('p', `return ${builder};`)(p) as never;
  const Thing = defineEntity({ name: 'Thing', properties: { id: p.integer().primary(), value: property } });
  return formatColumnType(readEntities([Thing])[0]!.columns[1]!.type);
}

const types = [
  ...Object.keys(oddValues),
  ...['varchar(1)', 'char(1)', 'char(300)', 'numeric(38,10)', 'numeric(3,-2)', 'numeric(2,5)', 'numeric(7,0)'],
  ...['time(0)', 'time(3)', 'timetz(3)', 'timestamp(0)', 'timestamp(3)', 'timestamptz(0)', 'timestamptz(3)'],
  ...['interval(3)', 'interval year to month', 'varchar(3)[]', 'numeric(5,2)[]', 'timestamptz(3)[]', 'timestamp[]'],
  ...['money', 'xml', '"char"', 'name', 'bit(3)', 'bit varying(5)', 'point', 'int4multirange', 'uuid[]', 'inet[]'],
];

describe('a column type, written as a property builder', () => {
  it.each(types)('%s means exactly the same again', (type) => {
    const parsed = parseColumnType(type);
    expect([propertyBuilder(parsed), typeOf(propertyBuilder(parsed))]).toEqual([
      propertyBuilder(parsed),
      formatColumnType(parsed),
    ]);
  });

  it.each([
    ['numeric(5,2)', 'p.decimal().precision(5).scale(2)'],
    ['varchar(40)', 'p.string().length(40)'],
    ['timestamp', "p.datetime(6).columnType('timestamp')"],
    ['timestamptz(3)', 'p.datetime(3)'],
    ['jsonb', 'p.json()'],
    ['text[]', 'p.array()'],
    ['int4range', "p.text().columnType('int4range')"],
  ])('%s is written as people write it', (type, builder) => {
    expect(propertyBuilder(parseColumnType(type))).toBe(builder);
  });
});
