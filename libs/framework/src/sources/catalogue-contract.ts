import { text as textOf } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';
import { formatColumnType, parseColumnType } from '../model/column-type.ts';
import type { WireFormat } from '../model/wire-format.ts';
import { hostileName, largeRows, type ContractSource } from './contract-source.ts';
import type { SourceConnector } from './source-connector.ts';

/** What every connector must tell of tables, views and queries, against a real system. */
export function describeCatalogue(source: () => ContractSource): void {
  const anyConnector = (): SourceConnector => Object.values(source().connectors)[0]!();

  it('reads a query like a table, in every format and by the ranges of a cursor', async () => {
    await using connector = anyConnector();
    // What ends in a comment must not take along what comes after it.
    const query = `select id, case when id < 3 then label end as label, 'ä?' as mark from ${source().schema}.item where id < 4 -- some`;
    const { name, columns: found } = await connector.describeQuery!('some', query);
    expect(name).toBe('some');
    expect(
      found.map((column) => [
        column.name,
        formatColumnType(column.type).replace(/^character varying.*|"char"$/, 'text'),
      ]),
    ).toEqual([
      ['id', 'integer'],
      ['label', 'text'],
      ['mark', 'text'],
    ]);
    const id = { name: 'id', from: 'id', type: parseColumnType('integer') };
    const columns = [
      id,
      { name: 'renamed', from: 'label', type: parseColumnType('text') },
      { name: 'mark', from: 'mark', type: parseColumnType('text') },
    ];
    await connector.withSnapshot(async (snapshot) => {
      const request = { schema: source().schema, table: 'some', query, columns, constants: [] };
      const read = async (format: WireFormat): Promise<string> =>
        textOf((await snapshot.read({ ...request, format })).rows);
      for (const format of connector.formats)
        expect([format, (await read(format)).length]).toEqual([format, expect.any(Number)]);
      expect(await read('text-rows')).toBe('1\ta\tä?\n2\t\\N\tä?\n3\t\\N\tä?\n');
      expect((await read('json-lines')).split('\n')[0]).toBe('{"id":1,"renamed":"a","mark":"ä?"}');
      const range = { column: 'id', type: id.type, from: { value: '1', inclusive: false }, nulls: false };
      const part = await snapshot.read({ ...request, range, format: 'text-rows' });
      expect(await textOf(part.rows)).toBe('2\t\\N\tä?\n3\t\\N\tä?\n');
      expect(await snapshot.measure!({ ...request, range })).toEqual({ greatest: '3', nulls: false });
    });
    await expect(connector.describeQuery!('wrong', 'select nothing from nowhere')).rejects.toMatchObject({
      code: 'SOURCE_FAILED',
    });
    expect(await source().openSessions()).toBe(0);
  });

  it('describes tables and views with what an entity can say of them', async () => {
    await using connector = anyConnector();
    const described = await connector.describeTables(source().schema, ['item', 'seen', hostileName, 'not there']);
    const by = new Map(described.map((table) => [table.name, table]));
    expect([...by.keys()].sort()).toEqual(['item', 'seen', hostileName].sort());
    expect(described.map(({ name, kind }) => [name, kind])).toEqual(
      expect.arrayContaining([
        ['item', 'table'],
        ['seen', 'view'],
        [hostileName, 'table'],
      ]),
    );
    expect(by.get('item')?.columns.map(({ name, nullable }) => [name, nullable])).toEqual([
      ['id', false],
      ['label', true],
    ]);
    expect(by.get(hostileName)?.columns.map(({ name }) => name)).toEqual([hostileName]);
    expect(by.get('item')?.primaryKey).toEqual(['id']);
    expect([by.get('seen')?.primaryKey, by.get(hostileName)?.primaryKey]).toEqual([[], []]);
    expect(await connector.describeTables('no_such_schema')).toEqual([]);
    expect(await connector.describeTables(source().schema, [])).toEqual([]);
  });

  it('estimates the rows of a table within a half or says nothing, and nothing of a view', async () => {
    await using connector = anyConnector();
    const tables = await connector.listTables(source().schema, ['large', 'seen']);
    const estimates = new Map(tables.map(({ name, estimatedRows }) => [name, estimatedRows]));
    const large = estimates.get('large') ?? largeRows;
    expect(Math.abs(large - largeRows)).toBeLessThan(largeRows / 2);
    expect(estimates.get('seen')).toBeUndefined();
  });
}
