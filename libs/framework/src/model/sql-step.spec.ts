import { describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { defineDatakit } from './datakit.ts';
import { sqlStep, type SqlStepDefinition } from './sql-step.ts';

const Thing = defineEntity({ name: 'Thing', tableName: 'thing', properties: { id: p.integer().primary() } });

describe('a step by hand', () => {
  it.each<[string, Partial<SqlStepDefinition>]>([
    ['a name with a blank', { name: 'fill length' }],
    ['an empty name', { name: '' }],
    ['a name that would hide its hash', { name: 'fill@1' }],
    ['a name that is too long', { name: 'a'.repeat(61) }],
    ['another moment', { when: 'later' as never }],
    ['an unknown engine', { sql: { oracle: 'select 1' } }],
    ['no engine', { sql: {} }],
    ['an empty statement', { sql: { default: ' \n' } }],
  ])('with %s is refused', (_, wrong) => {
    expect(() => sqlStep({ name: 'fill-length', sql: { default: 'select 1' }, ...wrong })).toThrow(
      expect.objectContaining({ code: 'DATAKIT_INVALID' }),
    );
  });

  it('is refused by a datakit that has one of that name, and where it is none', () => {
    const step = sqlStep({ name: 'seed', sql: { default: 'select 1' } });
    const define = (steps: readonly (typeof step)[]) =>
      defineDatakit({ name: 'silver-shop', layer: 'silver', tables: [Thing], steps });
    expect(define([step]).steps).toEqual([step]);
    expect(() => define([step, step])).toThrow('two steps named "seed"');
    expect(() => define([{ name: 'seed', sql: {} } as never])).toThrow('steps[0]');
  });
});
