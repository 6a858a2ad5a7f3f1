import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { duckDbIdentifier, duckDbLiteral, openDuckDb } from '../../files/duckdb.ts';
import { openSource } from '../open-source.ts';
import { filesSource, type FilesSourceDefinition } from '../../model/files-source.ts';
import type { SourceTable } from '../source-connector.ts';
import type { TableFiles } from '../source-kind.ts';
import { FilesConnector } from './files-connector.ts';
import { describeFilesOf, type ContractRow, type FileKind } from './files-contract.ts';

const csvField = (value: unknown): string =>
  value === null || value === undefined ? '' : `"${String(value).replaceAll('"', '""')}"`;
const csvOf = (columns: readonly string[], rows: readonly ContractRow[]): string =>
  [columns.map(csvField), ...rows.map((row) => columns.map((column) => csvField(row[column])))]
    .map((fields) => `${fields.join(',')}\n`)
    .join('');
const linesOf = (_: readonly string[], rows: readonly ContractRow[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join('');

function texts(
  ending: string,
  knowsColumns: boolean,
  text: typeof csvOf,
  pack = (content: string): string | Buffer => content,
): FileKind {
  return {
    ...{ ending, knowsColumns, typed: false },
    write: async (path, columns, rows) => writeFileSync(path, pack(text(columns, rows))),
  };
}

describe('files as a source', () => {
  describeFilesOf('csv', texts('.csv', true, csvOf));
  describeFilesOf('csv with gzip', texts('.csv.gz', true, csvOf, gzipSync));
  describeFilesOf(
    'csv with a byte-order mark and CRLF',
    texts('.csv', true, (columns, rows) => `\ufeff${csvOf(columns, rows).replaceAll('"\n', '"\r\n')}`),
  );
  describeFilesOf('JSON lines', texts('.ndjson', false, linesOf));
  describeFilesOf('JSON lines with zstd', texts('.jsonl.zst', false, linesOf, zstdCompressSync));
  describeFilesOf(
    'a JSON array',
    texts('.json', false, (_, rows) => JSON.stringify(rows, undefined, 1)),
  );
  describeFilesOf('Parquet', {
    ...{ ending: '.parquet', knowsColumns: true, typed: true },
    write: async (path, columns, rows, { connection }) => {
      const types = columns.map((column) => `${duckDbIdentifier(column)} ${column === 'id' ? 'integer' : 'varchar'}`);
      await connection.run(`create or replace temp table written (${types.join(', ')})`);
      writeFileSync(`${path}.json`, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      if (rows.length > 0) {
        await connection.run(
          `insert into written by name from read_json(${duckDbLiteral(`${path}.json`)}, format = 'newline_delimited')`,
        );
      }
      rmSync(`${path}.json`);
      await connection.run(`copy written to ${duckDbLiteral(path)} (format parquet)`);
    },
  });

  describe('of a folder', () => {
    let root: string;
    beforeEach(() => void (root = realpathSync(mkdtempSync(join(tmpdir(), 'datakit-files-')))));
    afterEach(() => rmSync(root, { recursive: true, force: true }));
    const write = (name: string, content = 'id\n1\n'): void => {
      mkdirSync(join(root, name, '..'), { recursive: true });
      writeFileSync(join(root, name), content);
    };
    /** Tables with their columns, in short. */
    async function list(
      definition: Partial<FilesSourceDefinition> & { path?: string } = {},
      tables: Record<string, TableFiles> = {},
      url?: string,
      names?: string[],
    ): Promise<string[]> {
      await using opened = await openSource(
        filesSource({ system: 'files', path: root, ...definition } as FilesSourceDefinition),
        {
          environment: { FOLDER: root },
          workspaceRoot: root,
          url,
          tables: new Map(Object.entries(tables)),
        },
      );
      const found: SourceTable[] = await opened.connector.listTables(opened.schema, names);
      return found.map((table) => `${table.name}(${table.columns.map((column) => column.name).join(',')})`);
    }

    it('finds files by their names, and no others', async () => {
      for (const name of [
        'a.csv',
        'b/one.csv',
        'b/two.csv',
        '.hidden.csv',
        'README.md',
        'c.d.csv',
        '.git/x.csv',
        'b/.x.csv',
      ])
        write(name);
      write('t.tsv', 'x\ty\n');
      write('j.json', '[{"k":1}]');
      write('l.jsonl', '{"l":1}\n{"m":2}');
      write('x.txt', 'x\n');
      expect(await list()).toEqual(['a(id)', 'b(id)', 'c.d(id)', 'j(k)', 'l(l,m)', 't(x,y)']);
      expect(await list({ format: 'json' })).toEqual(['j(k)', 'l(l,m)']);
    });

    it('takes one file, a glob, a URL, a variable, and what a table says', async () => {
      write('a.csv');
      write('deep/a/1.csv');
      write('deep/b/1.csv', 'x\n');
      write('strange [1].dat', 'x,y\n');
      write('bare.csv', '1,2\n');
      expect(await list({ path: join(root, 'a.csv') })).toEqual(['a(id)']);
      expect(await list({ path: 'deep/*/*.csv' })).toEqual(['a(id)', 'b(x)']);
      expect(await list({ path: join(root, 'strange [1].dat'), format: 'csv' })).toEqual(['strange [1](x,y)']);
      expect(await list({ path: '${FOLDER}/deep' })).toEqual(['a(id)', 'b(x)']);
      expect(await list({ path: 'nowhere' }, {}, `file://${root}/deep/b`)).toEqual(['1(x)']);
      expect(
        await list({}, { q: { files: 'deep/b/*.csv' }, bare: { header: ['m', 'n'] } }, undefined, ['q', 'bare']),
      ).toEqual(['q(x)', 'bare(m,n)']);
      expect(await list({}, { q: { files: 'strange*' } }, undefined, ['a'])).toEqual(['a(id)']);
    });

    it.each([
      [{ path: 'nowhere' }, {}, 'SOURCE_UNAVAILABLE'],
      [{ path: 'nowhere/*.csv' }, {}, 'SOURCE_UNAVAILABLE'],
      [{ path: '${NOT_SET}' }, {}, 'SOURCE_UNAVAILABLE'],
      [{}, { a: { files: '../*.csv' } }, 'DATAKIT_INVALID'],
      [{}, { a: { files: '/etc/*.csv' } }, 'DATAKIT_INVALID'],
      [{}, { a: { files: '*.dat' } }, 'SOURCE_UNREADABLE'],
    ] as const)('refuses %j with %j', async (definition, tables, code) => {
      write('a.csv');
      write('a.dat');
      await expect(list(definition, tables, undefined, ['a'])).rejects.toMatchObject({ code });
    });

    it('reads nothing that lies outside, wherever a symbolic link leads there', async () => {
      const elsewhere = mkdtempSync(join(tmpdir(), 'datakit-elsewhere-'));
      try {
        writeFileSync(join(elsewhere, 'a.csv'), 'secret\n1\n');
        write('inside/real.csv');
        symlinkSync(join(root, 'inside/real.csv'), join(root, 'linked.csv'));
        symlinkSync(join(root, 'inside'), join(root, 'again'));
        symlinkSync(root, join(root, 'inside/loop'));
        symlinkSync(join(elsewhere, 'a.csv'), join(root, 'out.csv'));
        expect(await list({}, {}, undefined, ['linked'])).toEqual(['linked(id)']);
        await expect(list({}, {}, undefined, ['out'])).rejects.toMatchObject({
          code: 'SOURCE_UNREADABLE',
          details: { file: 'out.csv' },
        });
        symlinkSync(elsewhere, join(root, 'folder'));
        await expect(list({}, {}, undefined, ['folder'])).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
        expect(await list({}, {}, undefined, ['linked'])).toEqual(['linked(id)']);
        await expect(list({}, { q: { files: 'folder/*.csv' } }, undefined, ['q'])).rejects.toMatchObject({
          code: 'SOURCE_UNREADABLE',
        });
        symlinkSync(join(root, 'gone'), join(root, 'broken.csv'));
        await expect(list({ path: 'broken*.csv' })).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
        expect(readFileSync(join(elsewhere, 'a.csv'), 'utf8')).toBe('secret\n1\n');
      } finally {
        rmSync(elsewhere, { recursive: true, force: true });
      }
    });

    it('refuses files of one table that differ, and a table in two formats', async () => {
      write('a/1.csv', 'id,name\n');
      write('a/2.csv', 'name,id\n');
      expect(await list({}, {}, undefined, ['a'])).toEqual(['a(id,name)']);
      write('a/3.csv', 'id,other\n');
      await expect(list({}, {}, undefined, ['a'])).rejects.toMatchObject({
        code: 'CONTRACT',
        details: { differences: ['a/3.csv lacks "name"', 'a/3.csv has "other" besides'] },
      });
      write('b.csv');
      write('b.json', '{}');
      await expect(list({}, {}, undefined, ['b'])).rejects.toMatchObject({ code: 'CONTRACT' });
      expect(await list({ format: 'csv' }, {}, undefined, ['b'])).toEqual(['b(id)']);
    });
  });

  it('are read again in the state that a new snapshot finds', async () => {
    const root = mkdtempSync(join(tmpdir(), 'datakit-files-'));
    try {
      const path = join(root, 'a[1].parquet');
      await using duckdb = new AsyncDisposableStack();
      const db = duckdb.use(await openDuckDb(join(root, '.tmp')));
      const make = (sql: string): Promise<unknown> =>
        db.connection.run(`copy (${sql}) to '${path}' (format parquet, overwrite true)`);
      await make('select 1 as id');
      await using connector = new FilesConnector({ path: root, format: undefined, dialect: {}, tables: new Map() });
      const read = (): Promise<unknown> =>
        connector.withSnapshot(async (snapshot) => {
          const raw = await snapshot.readRaw!({ schema: 'files', table: 'a[1]', columns: ['id'], folder: root }, db);
          return (await db.connection.runAndReadAll(`select c0 from ${raw.table}`)).getRowsJson();
        });
      expect((await connector.listTables('files'))[0]).toMatchObject({ name: 'a[1]', estimatedRows: 1 });
      await make('select 22 as id union all select 3');
      await expect(read()).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
      expect(await read()).toEqual([['22'], ['3']]);
      await make('select 1 as other');
      await expect(read()).rejects.toMatchObject({ code: 'CONTRACT' });
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });

  it.each([
    { delimiter: ';;' },
    { delimiter: 'x' },
    { delimiter: '1' },
    { delimiter: '"', quote: '"' },
    { quote: '' },
    { nulls: ['a,b'] },
    { encoding: 'no-such' },
    { lastLineEnd: 'never' as 'optional' },
  ])('cannot be declared with the dialect %j', (csv) => {
    expect(() => filesSource({ system: 's', path: '.', csv })).toThrow(
      expect.objectContaining({ code: 'DATAKIT_INVALID' }),
    );
  });
});
