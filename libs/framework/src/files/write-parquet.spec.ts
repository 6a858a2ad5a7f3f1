import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseColumnType } from '../model/column-type.ts';
import { openDuckDb } from './duckdb.ts';
import { writeParquet } from './write-parquet.ts';

describe('writing Parquet', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'datakit-parquet-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const columns = (types: Record<string, string>): { name: string; type: ReturnType<typeof parseColumnType> }[] =>
    Object.entries(types).map(([name, type]) => ({ name, type: parseColumnType(type) }));

  async function read(sql: string): Promise<unknown[][]> {
    using duckdb = await openDuckDb(join(folder, 'read'));
    return (await duckdb.connection.runAndReadAll(sql)).getRowsJson();
  }

  it('tells NULL, the empty text and the text \\N apart, and keeps newlines and quotes', async () => {
    const csv = '1,\\N\n2,\n3,"\\N"\n4,"a ""quote""\nand a line"\n';
    const parts = await writeParquet(
      folder,
      columns({ id: 'integer', value: 'text' }),
      [],
      Readable.from([Buffer.from(csv)]),
    );
    expect(parts).toEqual([{ name: 'part-00000.parquet', rows: 4 }]);
    expect(await read(`select value from '${folder}/*.parquet' order by id`)).toEqual([
      [null],
      [''],
      ['\\N'],
      ['a "quote"\nand a line'],
    ]);
  });

  it('keeps every digit, instants to the microsecond, bytes and arrays; adds constants', async () => {
    const types = columns({
      big: 'bigint',
      exact: 'numeric(38,10)',
      free: 'numeric',
      moment: 'timestamptz',
      bytes: 'bytea',
      tags: 'text[]',
    });
    const row = `9223372036854775807,1234567890123456789012345678.0123456789,${'9'.repeat(60)}.5,2022-02-15 09:34:33.123456+00,00ff0a,"[""a,b"",null,""""]"\n`;
    const constants = [{ name: 'load', type: parseColumnType('uuid'), value: '01a20880-ecb2-72d4-b0ba-84a99049ab3a' }];
    await writeParquet(folder, types, constants, Readable.from([Buffer.from(row)]));
    const [values] = await read(
      `select big::text, exact::text, free, moment::text, hex(bytes), tags::json::text, load::text from '${folder}/*.parquet'`,
    );
    expect(values).toEqual([
      '9223372036854775807',
      '1234567890123456789012345678.0123456789',
      `${'9'.repeat(60)}.5`,
      '2022-02-15 09:34:33.123456+00',
      '00FF0A',
      '["a,b",null,""]',
      '01a20880-ecb2-72d4-b0ba-84a99049ab3a',
    ]);
  });

  it.each([
    ['timestamptz', '0044-03-15 12:00:00+00 BC'],
    ['timestamp', '294276-12-31 23:59:59'],
    ['numeric(5,2)', 'NaN'],
    ['text[]', '[["a"],["b"]]'],
    ['text[]', '[0:1]={a,b}'],
  ])(
    'refuses what %s cannot be in Parquet, with the column, and makes null of it where that is lossy',
    async (type, text) => {
      const csv = `1,"${text.replaceAll('"', '""')}"\n`;
      const types = columns({ id: 'integer', odd: type });
      const write = (lossy: boolean): Promise<unknown> =>
        writeParquet(
          folder,
          types.map((column) => ({ ...column, lossy })),
          [],
          Readable.from([Buffer.from(csv)]),
        );
      await expect(write(false)).rejects.toMatchObject({
        code: 'BAD_ROWS',
        message: expect.stringMatching(/, in odd \(/),
        details: { column: 'odd' },
      });
      await write(true);
      expect(await read(`select odd from '${folder}/*.parquet'`)).toEqual([[null]]);
    },
  );

  it('keeps lists exactly: every digit, bytes, days before Christ, json', async () => {
    const types = columns({ d: 'numeric(30,10)[]', b: 'bytea[]', day: 'date[]', j: 'jsonb[]' });
    const fields = [
      ['12345678901234567890.1234567890', null],
      ['\\x00ff'],
      ['0044-03-15 BC'],
      ['{"n": 12345678901234567890.10}'],
    ].map((field) => `"${JSON.stringify(field).replaceAll('"', '""')}"`);
    await writeParquet(folder, types, [], Readable.from([Buffer.from(`${fields.join(',')}\n`)]));
    expect(await read(`select d::text, hex(b[1]), day::text, j[1]::text from '${folder}/*.parquet'`)).toEqual([
      ['[12345678901234567890.1234567890, NULL]', '00FF', "['0044-03-15 (BC)']", '{"n": 12345678901234567890.10}'],
    ]);
  });

  it('gives one file without rows for an empty table', async () => {
    expect(await writeParquet(folder, columns({ id: 'integer' }), [], Readable.from([]))).toEqual([
      { name: 'part-00000.parquet', rows: 0 },
    ]);
    expect(await read(`select count(*)::text from '${folder}/*.parquet'`)).toEqual([['0']]);
  });

  it('cuts a big table into parts that hold every row once', async () => {
    const rows = function* (): Generator<Buffer> {
      for (let start = 0; start < 300_000; start += 1000) {
        const lines = Array.from({ length: 1000 }, (_, index) => `${start + index},${'x'.repeat(100)}`);
        yield Buffer.from(`${lines.join('\n')}\n`);
      }
    };
    const parts = await writeParquet(folder, columns({ id: 'integer', value: 'text' }), [], Readable.from(rows()));
    expect(parts.length).toBeGreaterThan(1);
    expect(await read(`select count(*)::text, count(distinct id)::text from '${folder}/*.parquet'`)).toEqual([
      ['300000', '300000'],
    ]);
  });

  it('says BAD_ROWS for a value that does not fit, without the value, and leaves no csv', async () => {
    const written = writeParquet(
      folder,
      columns({ id: 'integer' }),
      [],
      Readable.from([Buffer.from('secret-value\n')]),
    );
    const error = await written.catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'BAD_ROWS' });
    expect(JSON.stringify(error)).not.toContain('secret-value');
    expect(readdirSync(folder).filter((name) => name.endsWith('.csv'))).toEqual([]);
  });
});
