import { defineEntity, p, quote, raw } from '@mikro-orm/core';
import { describe, expect, it } from '@jest/globals';
import { formatColumnType } from '../model/column-type.ts';
import type { AnyEntity } from '../model/entity.ts';
import { readEntities, type EntityTable } from './entity-metadata.ts';

const read = (...entities: unknown[]): EntityTable[] => readEntities(entities as AnyEntity[]);
const of = (properties: object, options: object = {}): EntityTable =>
  read(
    defineEntity({
      name: 'Thing',
      tableName: 'thing',
      properties: { id: p.integer().primary(), ...properties } as never,
      ...options,
    }),
  )[0]!;

/** The contract with MikroORM: run it after every upgrade. */
describe('what MikroORM knows of an entity', () => {
  it.each([
    ['p.integer', p.integer(), 'integer'],
    ['p.smallint', p.smallint(), 'smallint'],
    ['p.tinyint', p.tinyint(), 'smallint'],
    ['p.bigint', p.bigint(), 'bigint'],
    ['p.decimal', p.decimal(), 'numeric'],
    ['p.decimal of 5 and 2', p.decimal().precision(5).scale(2), 'numeric(5,2)'],
    ['p.float', p.float(), 'real'],
    ['p.double', p.double(), 'double precision'],
    ['p.boolean', p.boolean(), 'boolean'],
    ['p.string', p.string(), 'character varying(255)'],
    ['p.string of 40', p.string().length(40), 'character varying(40)'],
    ['p.text', p.text(), 'text'],
    ['p.uuid', p.uuid(), 'uuid'],
    ['p.date', p.date(), 'date'],
    ['p.time', p.time(), 'time without time zone'],
    ['p.datetime', p.datetime(), 'timestamp with time zone'],
    ['p.datetime of 3', p.datetime(3), 'timestamp(3) with time zone'],
    ['p.json', p.json(), 'jsonb'],
    ['p.blob', p.blob(), 'bytea'],
    ['p.array', p.array(), 'text[]'],
    ['p.enum of texts', p.enum(['a', 'b']), 'text'],
    ['p.enum of numbers', p.enum([1, 2]), 'smallint'],
    ['a column type', p.text().columnType('tsvector'), 'tsvector'],
  ])('%s is its type in our words', (_, property, type) => {
    expect(formatColumnType(of({ value: property }).columns[1]!.type)).toBe(type);
  });

  it('names are kept letter for letter', () => {
    const Kept = defineEntity({
      name: 'Kept',
      tableName: 'KeptTable',
      properties: { someId: p.integer().primary(), Snake_Case: p.text(), other: p.text().fieldName('__proto__') },
    });
    const [kept] = read(Kept);
    expect([kept?.name, kept?.columns.map(({ name }) => name)]).toEqual([
      'KeptTable',
      ['someId', 'Snake_Case', '__proto__'],
    ]);
  });

  it.each([
    ['a text', p.text().default(`it's`), `'it''s'`],
    ['a number', p.integer().default(-1), '-1'],
    ['a boolean', p.boolean().default(false), 'false'],
    ['an expression', p.datetime().defaultRaw('now()'), 'now()'],
    ['a raw fragment', p.datetime().default(raw('now()') as never), 'now()'],
    ['an empty list', p.array().default([]), `'{}'`],
    ['nothing', p.text(), null],
  ])('the default of %s is an expression', (_, property, expected) => {
    expect(of({ value: property }).columns[1]?.default).toBe(expected);
  });

  it.each([
    ['a list with values', p.array().default(['a'])],
    ['an object', p.json<object>().default({ a: 1 } as never)],
    ['a date', p.datetime().default(new Date() as never)],
  ])('the default of %s has to be written as an expression', (_, property) => {
    expect(() => of({ value: property })).toThrow(
      expect.objectContaining({ code: 'DATAKIT_INVALID', message: expect.stringContaining('"value"') }),
    );
  });

  it('keys, indexes and checks come with their columns and names', () => {
    const table = of(
      { key: p.text().primary(), a: p.text().index('given').unique(), b: p.integer().check('b > 0'), c: p.enum(['x']) },
      {
        indexes: [{ properties: ['b', 'a'], type: 'gin' }],
        checks: [{ name: 'named', expression: (columns: { b: string }) => quote`${columns.b} > 1` }],
      },
    );
    expect(table.primaryKey).toEqual(['id', 'key']);
    expect(table.indexes).toEqual([
      { name: 'given', columns: ['a'], unique: false },
      { columns: ['a'], unique: true },
      { columns: ['b', 'a'], unique: false, method: 'gin' },
    ]);
    expect(table.checks.map(({ expression }) => expression)).toEqual(['"b" > 1', 'b > 0']);
    expect(table.columns[4]?.values).toEqual(['x']);
  });

  it('relations become columns of the key that they point to, and their other side none', () => {
    const Place = defineEntity({
      name: 'Place',
      tableName: 'place',
      properties: {
        x: p.integer().primary(),
        y: p.uuid().primary(),
        pin: () => p.oneToOne(Pin).mappedBy('place'),
        pins: () => p.oneToMany(Pin).mappedBy('near'),
      },
    });
    const Pin = defineEntity({
      name: 'Pin',
      tableName: 'pin',
      properties: {
        id: p.integer().primary(),
        place: () => p.oneToOne(Place).owner(),
        near: () => p.manyToOne(Place).nullable().deleteRule('cascade'),
        free: () => p.manyToOne(Place).createForeignKeyConstraint(false),
      },
    });
    const [place, pin] = read(Place, Pin);
    expect(place?.columns.map(({ name }) => name)).toEqual(['x', 'y']);
    expect(pin?.columns.map(({ name, type }) => `${name} ${type.kind}`)).toEqual([
      'id integer',
      'place_x integer',
      'place_y uuid',
      'near_x integer',
      'near_y uuid',
      'free_x integer',
      'free_y uuid',
    ]);
    expect(
      pin?.foreignKeys.map(({ columns, references, onDelete, onUpdate }) => [columns, references, onDelete, onUpdate]),
    ).toEqual([
      [['place_x', 'place_y'], { name: 'place', columns: ['x', 'y'] }, 'no action', 'cascade'],
      [['near_x', 'near_y'], { name: 'place', columns: ['x', 'y'] }, 'cascade', 'cascade'],
    ]);
  });

  it.each([
    ['a generated column', { full: p.text().generated('a || b') }, {}],
    ['an index with "expression"', {}, { indexes: [{ name: 'i', expression: 'create index i on thing (lower(a))' }] }],
    ['an index with "where"', {}, { indexes: [{ name: 'i', properties: ['id'], where: 'id > 0' }] }],
  ])('%s, which no deployment makes yet, is refused', (what, properties, options) => {
    expect(() => of(properties, options)).toThrow(
      expect.objectContaining({ code: 'DATAKIT_INVALID', message: expect.stringContaining(what.slice(2)) }),
    );
  });

  it('columns keep the order of the entity, also where the key is not first', () => {
    const properties = { a: p.text(), key_2: p.integer().primary(), b: p.text(), key_1: p.integer().primary() };
    const [thing] = read(
      defineEntity({ name: 'Thing', tableName: 'thing', primaryKeys: ['key_1', 'key_2'], properties }),
    );
    expect(thing?.columns.map(({ name }) => name)).toEqual(['a', 'key_2', 'b', 'key_1']);
    expect(thing?.primaryKey).toEqual(['key_1', 'key_2']);
  });

  it('two entities of one name are refused, and so is what the ORM refuses', () => {
    const Twin = defineEntity({ name: 'Thing', tableName: 'twin', properties: { id: p.integer().primary() } });
    expect(() =>
      read(Twin, defineEntity({ name: 'Thing', tableName: 'thing', properties: { id: p.integer().primary() } })),
    ).toThrow(expect.objectContaining({ code: 'DATAKIT_INVALID', message: 'Two entities are named "Thing".' }));
    expect(() => read(defineEntity({ name: 'Keyless', tableName: 'keyless', properties: { a: p.text() } }))).toThrow(
      expect.objectContaining({ code: 'DATAKIT_INVALID', message: expect.stringContaining('Keyless') }),
    );
  });
});
