import { describe, expect, it } from '@jest/globals';
import type { ColumnStructure, TableStructure } from '../table-structure.ts';
import { searchPrefix, shapeTable } from './key-lengths.ts';

function tableOf(types: Readonly<Record<string, string>>, rest: Partial<TableStructure> = {}): TableStructure {
  const columns = Object.entries(types).map(([name, type]) => ({
    name,
    type,
    nullable: false,
    default: null,
    identity: false,
  }));
  return {
    table: { name: 't' },
    columns,
    primaryKey: [],
    indexes: [],
    foreignKeys: [],
    checks: [],
    triggers: [],
    ...rest,
  };
}

const typesOf = ({ columns }: TableStructure): Record<string, string> =>
  Object.fromEntries(columns.map(({ name, type }) => [name, type]));
const unique = (...columns: string[]): TableStructure['indexes'][number] => ({
  name: columns.join('_'),
  columns,
  unique: true,
  method: 'btree',
});

describe('texts in keys', () => {
  it('take all that a key holds, shared evenly', () => {
    expect(typesOf(shapeTable(tableOf({ a: 'longtext', b: 'longtext' }, { primaryKey: ['a'] })))).toEqual({
      a: 'varchar(768)',
      b: 'longtext',
    });
    expect(typesOf(shapeTable(tableOf({ a: 'longtext', b: 'longtext' }, { indexes: [unique('a', 'b')] })))).toEqual({
      a: 'varchar(384)',
      b: 'varchar(384)',
    });
  });

  it('take what declared columns leave, and the least of several keys', () => {
    const table = tableOf(
      { a: 'longtext', n: 'int', v: 'varchar(500)', x: 'longblob' },
      { primaryKey: ['a', 'n'], indexes: [unique('a', 'v'), unique('x')] },
    );
    expect(typesOf(shapeTable(table))).toEqual({
      a: 'varchar(268)',
      n: 'int',
      v: 'varchar(500)',
      x: 'varbinary(3072)',
    });
  });

  it('that were declared too long are refused before any SQL', () => {
    expect(() => shapeTable(tableOf({ v: 'varchar(769)' }, { primaryKey: ['v'] }))).toThrow(
      expect.objectContaining({ code: 'TYPE_UNSUPPORTED', message: expect.stringContaining('(v) of t') }),
    );
    expect(typesOf(shapeTable(tableOf({ v: 'varchar(768)' }, { primaryKey: ['v'] })))).toEqual({ v: 'varchar(768)' });
  });

  it('stay texts where an index only finds rows, which takes their beginning', () => {
    const [v, n, w] = shapeTable(tableOf({ v: 'longtext', n: 'int', w: 'varchar(1000)' })).columns as ColumnStructure[];
    expect(searchPrefix(v!, [v!])).toBe(255);
    expect(searchPrefix(n!, [v!, n!])).toBeUndefined();
    expect(searchPrefix(w!, [v!, w!])).toBe(255);
  });
});

describe('declared lengths', () => {
  it('that do not fit in one row become texts, the longest first', () => {
    const table = tableOf({ a: 'varchar(10000)', b: 'varchar(9000)', c: 'varchar(20)' });
    expect(typesOf(shapeTable(table))).toEqual({ a: 'longtext', b: 'varchar(9000)', c: 'varchar(20)' });
  });
});
