import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { parseColumnType } from '../../model/column-type.ts';
import { describeRanges, type RangeColumn } from '../range-contract.ts';
import { SqliteConnector } from './sqlite-connector.ts';

const columns: readonly (RangeColumn & { readonly stored?: readonly string[] })[] = [
  {
    ...{ table: 'by_instant', column: 'changed at', type: 'timestamptz', without: [4] },
    values: ['1969-12-31T23:59:59.999999Z', '2024-02-29T23:59:59.000001Z', '2024-02-29T23:59:59.000002Z'],
    // As applications write them.
    stored: ['1969-12-31 23:59:59.999999', '2024-02-29T23:59:59.000001Z', '2024-03-01 00:59:59.000002+01:00'],
  },
  {
    ...{ table: 'by_day', column: 'day', type: 'date', without: [] },
    values: ['1999-12-31', '2000-02-29', '2024-01-01'],
  },
  {
    ...{ table: 'by_number', column: 'n', type: 'bigint', without: [4] },
    values: ['-9223372036854775808', '9007199254740993', '9007199254740994'],
  },
  {
    ...{ table: 'by_text', column: 't', type: 'text', without: [6] },
    values: ['A?', `Z'; drop table by_text; --\\`, 'a', 'é', '😀'],
  },
  {
    ...{ table: 'by_uuid', column: 'u', type: 'uuid', without: [] },
    values: [
      '018f0000-0000-7000-8000-00000000000a',
      '018f0000-0000-7000-8000-00000000000b',
      '018f0000-0001-7000-8000-000000000000',
    ],
    stored: [
      '018F0000-0000-7000-8000-00000000000A',
      '018f0000-0000-7000-8000-00000000000b',
      '018f0000-0001-7000-8000-000000000000',
    ],
  },
];

function open() {
  const folder = mkdtempSync(join(tmpdir(), 'datakit-sqlite-ranges-'));
  const file = join(folder, 'source.sqlite');
  const admin = new DatabaseSync(file);
  for (const { table, column, type, values, stored = values, without } of columns) {
    admin.exec(
      `create table ${table} (id integer, "${column}" ${type === 'bigint' ? 'integer' : 'text collate nocase'})`,
    );
    const insert = admin.prepare(`insert into ${table} values (?, ${type === 'bigint' ? 'cast(? as integer)' : '?'})`);
    const rows: [number, string | null][] = stored.map((value, index) => [index + 1, value]);
    for (const id of without) rows.push([id, null]);
    for (const row of rows.reverse()) insert.run(...row);
  }
  admin.close();
  return {
    schema: 'main',
    columns,
    connectors: { 'by its path': () => new SqliteConnector(file) },
    stop: async () => rmSync(folder, { recursive: true }),
  };
}

describeRanges('tables of a SQLite file', async () => open());

it('decimals of SQLite are no cursor, because it has no order of them', async () => {
  const source = open();
  try {
    await using connector = source.connectors['by its path']();
    await connector.withSnapshot(async ({ measure }) => {
      const range = { column: 'n', type: parseColumnType('numeric'), nulls: false };
      await expect(measure?.({ schema: 'main', table: 'by_number', range })).rejects.toMatchObject({
        code: 'OPTION_INVALID',
      });
    });
  } finally {
    await source.stop();
  }
});
