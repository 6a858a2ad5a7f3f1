import { defineEntity, p } from '@mikro-orm/core';
import { describe, expect, it } from '@jest/globals';
import { bronzeMetadata } from './bronze-metadata.ts';
import type { AnyEntity } from './entity.ts';
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
} from './expectations.ts';
import { table } from './table.ts';

const Studio = defineEntity({ name: 'Studio', properties: { studio_id: p.integer().primary(), name: p.text() } });
const Film = defineEntity({
  name: 'Film',
  tableName: 'film',
  properties: {
    film_id: p.integer().primary(),
    title: p.text(),
    length: p.smallint().nullable(),
    studio: () => p.manyToOne(Studio),
    ...bronzeMetadata,
  },
});

describe('an expectation', () => {
  it('names columns that the compiler knows', () => {
    const { options } = table(Film, {
      expect: [
        unique('film_id'),
        unique(['title', 'length'], { where: 'length > 0' }),
        notNull(['title', 'bronze_load_id']),
        acceptedValues('length', [1, 2]),
        relationship('studio', Studio),
        relationship('film_id', Studio, { to: 'studio_id', severity: 'warn' }),
        range('length', { min: 1, severity: 'warn' }),
        matches('title', /^[A-Z]/u),
        rowCount({ min: 1 }),
        freshness('bronze_load_timestamp', { maxAge: '2 hours' }),
        sql('select 1 from ${table}'),
      ],
    });
    expect(options.expect?.map(({ kind, severity }) => `${kind} ${severity}`)).toEqual([
      'unique error',
      'unique error',
      'notNull error',
      'acceptedValues error',
      'relationship error',
      'relationship warn',
      'range warn',
      'matches error',
      'rowCount error',
      'freshness error',
      'sql error',
    ]);
  });

  it('with a column that the entity does not have does not compile', () => {
    // @ts-expect-error -- misspelt
    table(Film, { expect: [unique('film_idd')] });
    // @ts-expect-error -- one of two misspelt
    table(Film, { expect: [unique(['film_id', 'titel'])] });
    // @ts-expect-error -- misspelt
    table(Film, { expect: [notNull('lenght')] });
    // @ts-expect-error -- a column of another entity
    table(Film, { expect: [range('name', { min: 1 })] });
    // @ts-expect-error -- the parent has no such column
    table(Film, { expect: [relationship('film_id', Studio, { to: 'id' })] });
    // @ts-expect-error -- misspelt
    table(Film, { expect: [freshness('last_updated', { maxAge: '1 hour' })] });
    // @ts-expect-error -- no such severity
    table(Film, { expect: [matches('title', 'x', { severity: 'fatal' })] });
    // @ts-expect-error -- no such end
    table(Film, { expect: [range('length', { least: 1 })] });
    // @ts-expect-error -- no condition of its own: the statement has one
    table(Film, { expect: [sql('select 1', { where: 'true' })] });
    expect(table(Film as AnyEntity, { expect: [unique('of an unknown entity any name')] }).kind).toBe('table');
  });

  it('keeps a regular expression as its text', () => {
    expect(matches('a', /^a\/b$/)).toMatchObject({ kind: 'matches', pattern: '^a\\/b$' });
    expect(matches('a', /ä/u)).toMatchObject({ pattern: 'ä' });
    expect(() => matches('a', /a/i)).toThrow(expect.objectContaining({ code: 'DATAKIT_INVALID' }));
  });
});
