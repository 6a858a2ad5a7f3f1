import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CsvDialect } from '../../model/csv-dialect.ts';
import { openDuckDb, type DuckDb } from '../duckdb.ts';
import type { RawRows } from '../raw-rows.ts';
import { readFiles, type StampedFile } from './read-files.ts';
import { readFileName, stampOf } from './source-file.ts';

describe('files', () => {
  let folder: string;
  let duckdb: DuckDb;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'datakit-read-'));
    duckdb = await openDuckDb(join(folder, 'temporary'));
  });
  afterEach(() => {
    duckdb[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  function write(name: string, content: string | Buffer): StampedFile {
    const path = join(folder, name);
    writeFileSync(path, content);
    const { format, compression } = readFileName(name)!;
    return { file: { path, name, format, compression }, stamp: stampOf(statSync(path, { bigint: true })) };
  }
  const select = async (sql: string): Promise<unknown[][]> =>
    (await duckdb.connection.runAndReadAll(sql)).getRowsJson() as unknown[][];
  const rowsOf = (raw: RawRows): Promise<unknown[][]> =>
    select(`select file, line::integer, ${[...raw.columns.values()].join(', ')} from ${raw.table}`);
  const rejectsOf = (raw: RawRows): Promise<unknown[][]> =>
    select(`select file, line::integer, reason, column_name, source_row from ${raw.rejects} order by file, line`);
  const read = (files: StampedFile[], columns: string[], dialect: CsvDialect = {}): Promise<RawRows> =>
    readFiles(files, { columns }, { dialect, header: undefined }, duckdb);

  it('of csv come with their lines, by the names in each header, and with what is no row set aside', async () => {
    const one = write(
      't/one.csv'.replace('/', '-'),
      '\ufeffid,name,other\r\n1,"x\r\n""y""",a\r\n2,,b\r\n3,"",c\r\n4,d\r\n',
    );
    const two = write('two.csv', 'name,id\nNULL,5\n\\N,6\n"\\N",7\n8,8,8\n9,9');
    const raw = await read([one, two], ['id', 'name']);
    expect(await rowsOf(raw)).toEqual([
      ['t-one.csv', 2, '1', 'x\r\n"y"'],
      ['t-one.csv', 4, '2', null],
      ['t-one.csv', 5, '3', ''],
      ['two.csv', 2, '5', 'NULL'],
      ['two.csv', 3, '6', '\\N'],
      ['two.csv', 4, '7', '\\N'],
    ]);
    expect(await rejectsOf(raw)).toEqual([
      ['t-one.csv', 6, 'wrong_field_count', null, '"4,d"'],
      ['two.csv', 5, 'wrong_field_count', null, '"8,8,8"'],
      ['two.csv', 6, 'truncated_line', null, '"9,9"'],
    ]);
    const content = 'name,id\nNULL,5\n\\N,6\n"\\N",7\n8,8,8\n9,9';
    expect(raw.files?.[1]).toEqual({
      name: 'two.csv',
      bytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
    });
    expect(raw.bytes).toBe(raw.files!.reduce((sum, { bytes }) => sum + bytes, 0));
  });

  it('of csv keep every byte of hostile values', async () => {
    const values = [
      "'); drop table x; --",
      ' a ',
      'tab\tin',
      '\\.',
      '#',
      'c\0d',
      '\u2028',
      '""',
      'a,b',
      '\\N',
      '\u0001',
    ];
    const csv = values.map((value, index) => `${index},"${value.replaceAll('"', '""')}"\n`).join('');
    const raw = await read([write('x.csv', `id,value\n${csv}`)], ['value']);
    expect((await rowsOf(raw)).map((row) => row[2])).toEqual(values);
  });

  it('of csv take the delimiter, quote, encoding and nulls that they are said to have', async () => {
    const latin = write('latin.csv', Buffer.from(`id;'name'\n1;caf\xe9\n2;'it''s;'\n-;'-'\n`, 'latin1'));
    const raw = await read([latin], ['id', 'name'], {
      delimiter: ';',
      quote: `'`,
      encoding: 'latin1',
      nulls: ['-', '?'],
    });
    expect((await rowsOf(raw)).map((row) => row.slice(2))).toEqual([
      ['1', 'café'],
      ['2', `it's;`],
      [null, '-'],
    ]);
    const wide = write('wide.tsv', Buffer.from('\ufeffid\tname\n1\t5" é\n', 'utf16le'));
    const none = await read([wide], ['id', 'name'], { quote: null, nulls: [] });
    expect((await rowsOf(none)).map((row) => row.slice(2))).toEqual([['1', '5" é']]);
    const bare = write('bare.csv', '1,\n,2\n');
    const headless = await readFiles([bare], { columns: ['b'] }, { dialect: {}, header: ['a', 'b'] }, duckdb);
    expect(await rowsOf(headless)).toEqual([
      ['bare.csv', 1, null],
      ['bare.csv', 2, '2'],
    ]);
  });

  it('of csv show bytes that are no text, with their column', async () => {
    const raw = await read([write('x.csv', Buffer.from('id,name\n1,ok\n2,caf\xe9 \xff\n', 'latin1'))], ['id', 'name']);
    expect(await rejectsOf(raw)).toEqual([['x.csv', 3, 'invalid_text', 'name', '"2,caf\\\\xe9 \\\\xff"']]);
    expect(await rowsOf(raw)).toHaveLength(1);
  });

  it('of csv with a cell of 10 MB are read, too', async () => {
    const cell = `${'long "cell"\n'.repeat(900_000)}end`;
    const raw = await read([write('x.csv', `id,name\n1,"${cell.replaceAll('"', '""')}"\n2,short\n`)], ['id', 'name']);
    expect(await select(`select c0, length(c1)::integer, line::integer from ${raw.table}`)).toEqual([
      ['1', cell.length, 2],
      ['2', 5, 900_003],
    ]);
  });

  it('without a header, or with a name twice, are refused', async () => {
    for (const content of ['', '\n\n', 'id,name', '"id,name\n1,2\n']) {
      await expect(read([write('x.csv', content)], ['id'])).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
    }
    const bad = [
      'id,id\n',
      'id,ID\n',
      'id,\n',
      'id,name,"id"\n1,2,3\n',
      'name\n',
      `id,${'x'.repeat(201)}\n`,
      'id,"a\nb"\n',
    ];
    for (const content of bad) {
      await expect(read([write('x.csv', content)], ['id'])).rejects.toMatchObject({ code: 'CONTRACT' });
    }
    expect(await rowsOf(await read([write('x.csv', 'id,name\n')], ['id']))).toEqual([]);
  });

  it('of JSON keep digits, JSON where it is asked for, and texts as they are', async () => {
    const lines = [
      '{"n":12345678901234567.10,"t":"it\'s \\"é\\"\\n\\u0000","j":"5","x":0}',
      '{"j":{"a":[1,"\\"b\\""]},"t":"","n":null}',
      '{"j":null,"t":"\\ud800"}',
      '{"t":"plain","n":true',
    ].join('\n');
    const file = write('x.ndjson', lines);
    const raw = await readFiles(
      [file],
      { columns: ['n', 't', 'j'], jsonColumns: new Set(['j']) },
      { dialect: {}, header: undefined },
      duckdb,
    );
    expect(await rowsOf(raw)).toEqual([
      ['x.ndjson', 1, '12345678901234567.10', `it's "é"\n\0`, '"5"'],
      ['x.ndjson', 2, null, '', '{"a":[1,"\\"b\\""]}'],
    ]);
    expect(await rejectsOf(raw)).toEqual([
      ['x.ndjson', 3, 'invalid_text', 't', '{"j":null,"t":"\\ud800"}'],
      ['x.ndjson', 4, 'unreadable_line', null, JSON.stringify('{"t":"plain","n":true')],
    ]);
  });

  it('of Parquet give exact texts', async () => {
    const path = join(folder, 'made.parquet');
    await duckdb.connection.run(`copy (select 9007199254740993 as i, 1.10::decimal(38,2) as d, 0.1::double as f,
      timestamptz '2024-02-29 23:59:59.123456+02' as t, timestamp_ns '2024-02-29 01:02:03.123456' as ns, '\\x00\\xff'::blob as b,
      [1.10, null]::decimal(5,2)[] as l, true as y, date '2024-02-29' as day, {'a': 1} as s, null::integer as n) to '${path}'`);
    const names = ['i', 'd', 'f', 't', 'ns', 'b', 'l', 'y', 'day', 's', 'n'];
    const file = { path, name: 'made.parquet', format: 'parquet', compression: undefined } as const;
    const raw = await read([{ file, stamp: stampOf(statSync(path, { bigint: true })) }], names);
    expect(await rowsOf(raw)).toEqual([
      [
        'made.parquet',
        1,
        '9007199254740993',
        '1.10',
        '0.1',
        '2024-02-29 21:59:59.123456+00',
        '2024-02-29 01:02:03.123456',
        '\\x00ff',
        '["1.10",null]',
        'true',
        '2024-02-29',
        '{"a":1}',
        null,
      ],
    ]);
  });

  it('that are compressed are read, and refused where they were cut', async () => {
    const text = 'id\n1\n2\n';
    for (const [ending, bytes] of [
      ['gz', gzipSync(text)],
      ['zst', zstdCompressSync(text)],
    ] as const) {
      expect((await rowsOf(await read([write(`x.csv.${ending}`, bytes)], ['id']))).length).toBe(2);
      for (const broken of [bytes.subarray(0, -3), Buffer.from(text), Buffer.alloc(0)]) {
        await expect(read([write(`y.csv.${ending}`, broken)], ['id'])).rejects.toMatchObject({
          code: 'SOURCE_UNREADABLE',
        });
      }
    }
    await expect(read([write('x.parquet', 'PAR1 no')], ['id'])).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
  });

  it('that changed since they were found, or change while they are read, are refused', async () => {
    const found = write('x.csv', 'id\n1\n');
    appendFileSync(found.file.path, '2\n');
    await expect(read([found], ['id'])).rejects.toMatchObject({ code: 'SOURCE_CHANGED', retryable: true });
    const long = write('y.csv', `id\n${`${'x'.repeat(999)}\n`.repeat(5000)}`);
    let blocks = 0;
    const meanwhile = (): void => void (blocks++ === 2 && appendFileSync(long.file.path, '2\n'));
    const reading = readFiles(
      [long],
      { columns: ['id'], onProgress: meanwhile },
      { dialect: {}, header: undefined },
      duckdb,
    );
    await expect(reading).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
    rmSync(found.file.path);
    await expect(read([found], ['id'])).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
  });

  it('that are known are not read again, unless their content changed', async () => {
    const files = [write('a.csv', 'id\n1\n'), write('b.csv.gz', gzipSync('id\n2\n'))];
    const first = await read(files, ['id']);
    const hashes = new Map(first.files?.map(({ name, sha256 }) => [name, sha256]));
    const again = (readsChanged: boolean): Promise<RawRows> =>
      readFiles(
        [...files.map(({ file }) => write(file.name, content[file.name]!)), write('c.csv', 'id\n3\n')],
        { columns: ['id'], known: { hashes, readsChanged } },
        { dialect: {}, header: undefined },
        duckdb,
      );
    const content: Record<string, string | Buffer> = { 'a.csv': 'id\n1\n', 'b.csv.gz': gzipSync('id\n2\n') };
    const more = await again(false);
    expect(more.files?.map(({ name }) => name)).toEqual(['c.csv']);
    expect((await rowsOf(more)).map((row) => row[2])).toEqual(['3']);
    content['a.csv'] = 'id\n4\n';
    await expect(again(false)).rejects.toMatchObject({ code: 'SOURCE_CHANGED', details: { file: 'a.csv' } });
    expect((await rowsOf(await again(true))).map((row) => row[2])).toEqual(['4', '3']);
  });
});
