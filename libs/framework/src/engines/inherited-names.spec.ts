import { defineEntity, p } from '@mikro-orm/core';
import { describe, expect, it } from '@jest/globals';
import type { AnyEntity } from '../model/entity.ts';
import { readEntities } from './entity-metadata.ts';

describe('a property that is called like something every object has', () => {
  it.each(['toString', 'valueOf', 'hasOwnProperty', 'constructor', '__defineGetter__'])('%s is refused', (name) => {
    const properties = { id: p.integer().primary(), [name]: p.text() } as never;
    const Thing = defineEntity({ name: 'Thing', properties }) as unknown as AnyEntity;
    expect(() => readEntities([Thing])).toThrow(
      expect.objectContaining({ code: 'DATAKIT_INVALID', message: expect.stringContaining(`"${name}"`) }),
    );
  });

  it.each(['toString', 'constructor'])('%s can be the name of its column', (name) => {
    const properties = { id: p.integer().primary(), other: p.text().fieldName(name) };
    const [table] = readEntities([defineEntity({ name: 'Thing', properties })]);
    expect(table?.columns[1]).toMatchObject({ name, default: null });
  });
});
