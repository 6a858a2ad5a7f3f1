import { defineEntity, p } from '@mikro-orm/core';
import { describe, expect, it } from '@jest/globals';
import { defineDatakit, type DatakitDefinition } from './datakit.ts';
import { filesSource } from './files-source.ts';
import { sqliteSource } from './source-definition.ts';
import { table } from './table.ts';

const entity = (name: string, tableName = name) =>
  defineEntity({ name, tableName, properties: { id: p.integer().primary() } });
const Film = entity('Film', 'film');
const files = filesSource({ system: 'shop', url: 'file:data' });
const shop = sqliteSource({ system: 'shop', url: 'sqlite:shop.sqlite' });
const good = { name: 'bronze-shop', layer: 'bronze', tables: [Film] } as const;

describe('a datakit', () => {
  it.each([
    ['no tables at all', { tables: undefined }],
    ['no tables in its list', { tables: [] }],
    ['one table twice', { tables: [Film, Film] }],
    ['two tables of one name', { tables: [Film, table(entity('Movie', 'film'))] }],
    ['something at tables[1] that is no entity', { tables: [Film, {}] }],
    ['something at tables[0] that is no entity', { tables: [undefined] }],
    ['something at tables[0] that is no entity', { tables: ['film'] }],
    ['the layer "platinum"', { layer: 'platinum' }],
    ['a name that cannot be used', { name: 'Bronze' }],
    ['a name that cannot be used', { name: '' }],
    ['a name that cannot be used', { name: '../bronze' }],
    ['a name that cannot be used', { name: 'bronze--shop' }],
    ['the schema "_datakit"', { schema: '_datakit' }],
    ['the schema "a.b"', { schema: 'a.b' }],
    ['the schema ""', { schema: '' }],
    [
      'a cursor on files',
      { source: files, tables: [table(Film, { load: { disposition: 'merge', cursor: { column: 'id' } } })] },
    ],
    ['a query of files', { source: files, tables: [table(Film, { source: { query: 'select 1 as id' } })] }],
    ['a query of no source', { tables: [table(Film, { source: { query: 'select 1 as id' } })] }],
    ['a query that is empty', { source: shop, tables: [table(Film, { source: { query: ' ' } })] }],
    ['a query of two statements', { source: shop, tables: [table(Film, { source: { query: 'select 1 as id;\n' } })] }],
    [
      'a query and a table',
      { source: shop, tables: [table(Film, { source: { query: 'select 1 as id', table: 'f' } })] },
    ],
  ])('with %s is refused', (_, wrong) => {
    expect(() => defineDatakit({ ...good, ...wrong } as DatakitDefinition)).toThrow(
      expect.objectContaining({ code: 'DATAKIT_INVALID', hint: expect.any(String) }),
    );
  });

  it('lies in a schema of its name unless it names another', () => {
    expect(defineDatakit(good).schema).toBe('bronze_shop');
    expect(defineDatakit({ ...good, schema: 'raw' }).schema).toBe('raw');
  });

  it('cannot be changed afterwards', () => {
    expect(Object.isFrozen(defineDatakit(good))).toBe(true);
  });
});
