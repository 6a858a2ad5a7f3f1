import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';
import { parseColumnType } from '../../model/column-type.ts';
import type { ReadRequest } from '../source-connector.ts';
import { SqliteConnector } from './sqlite-connector.ts';

it('a table of a SQLite file is read and measured while another one is, function for function', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'datakit-sqlite-reads-'));
  const file = join(folder, 'source.sqlite');
  const admin = new DatabaseSync(file);
  admin.exec(`create table one (day text);
    insert into one with recursive n (i) as (select 1 union all select i + 1 from n where i < 20000) select '2024-01-01' from n;
    create table other as select * from one`);
  admin.close();
  const type = parseColumnType('date');
  const columns = [{ name: 'day', from: 'day', type }];
  const requestOf = (table: string): ReadRequest => {
    return { schema: 'main', table, columns, constants: [], format: 'text-rows' };
  };
  try {
    await using connector = new SqliteConnector(file);
    await connector.withSnapshot(async (snapshot) => {
      const { rows, rowCount } = await snapshot.read(requestOf('one'));
      const chunks = rows[Symbol.asyncIterator]();
      await chunks.next();
      const range = { column: 'day', type, nulls: false };
      expect(await snapshot.measure?.({ schema: 'main', table: 'other', range })).toEqual({
        greatest: '2024-01-01',
        nulls: false,
      });
      expect((await textOf((await snapshot.read(requestOf('other'))).rows)).length).toBe(20_000 * 11);
      while (!(await chunks.next()).done);
      expect(await rowCount()).toBe(20_000);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
