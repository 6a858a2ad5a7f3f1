import { describe, expect, it } from '@jest/globals';
import { propertyKey, textLiteral } from './literal.ts';
import { entityFileName, entityName, UniqueNames } from './names.ts';

describe('names in generated code', () => {
  it.each([
    ['film_actor', 'FilmActor', 'film-actor'],
    ['OrderLine', 'OrderLine', 'order-line'],
    ['ORDER_LINE', 'OrderLine', 'order-line'],
    ['HTTPRequest', 'HttpRequest', 'http-request'],
    ['Order Details (old)', 'OrderDetailsOld', 'order-details-old'],
    ['2024_sales', 'Table2024Sales', 'table-2024-sales'],
    ['map', 'MapTable', 'map'],
    ['größe', 'Größe', 'groe'],
    ['注文', '注文', 'table'],
    ['index', 'Index', 'index-table'],
    ['a.b', 'AB', 'a-b'],
    ['__proto__', 'Proto', 'proto'],
    ['"', 'Table', 'table'],
  ])('the table %s is the entity %s in %s.ts', (table, entity, file) => {
    expect([entityName(table), entityFileName(table)]).toEqual([entity, file]);
  });

  it('two names that differ only in case are kept apart', () => {
    const names = new UniqueNames('-');
    expect(['order', 'Order', 'ORDER', 'order-2'].map((name) => names.take(name))).toEqual([
      'order',
      'Order-2',
      'ORDER-3',
      'order-2-2',
    ]);
  });

  it.each([
    ['plain', 'plain'],
    ['größe', 'größe'],
    ['two words', `'two words'`],
    ['1st', `'1st'`],
    [`it's`, `"it's"`],
  ])('the column %s is the key %s', (column, key) => {
    expect(propertyKey(column)).toBe(key);
  });

  it.each(['', `'`, `"`, `'"`, '\\', '\n\r\t\0\u2028\u202e\ud800', '${x}', '😀é', '*/ //'])(
    'the text %j is a literal that means it',
    (text) => {
      expect(new Function(`return ${textLiteral(text)};`)()).toBe(text);
    },
  );
});
