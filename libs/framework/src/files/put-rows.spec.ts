import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SourceRow } from '../model/extraction.ts';
import { openDuckDb } from './duckdb.ts';
import { putRows } from './put-rows.ts';
import { textOfValue } from './value-text.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'datakit-rows-'))));
afterAll(() => rmSync(folder, { recursive: true }));

async function put(rows: readonly SourceRow[], columns: readonly string[], ...json: string[]) {
  using duckdb = await openDuckDb(folder);
  const unknown: string[] = [];
  const request = { columns, folder, jsonColumns: new Set(json) };
  const { signal } = new AbortController();
  const raw = await putRows(rows, request, duckdb, (field) => unknown.push(field), signal);
  expect(readdirSync(folder)).toEqual([]);
  const read = async (sql: string): Promise<unknown[][]> => (await duckdb.connection.runAndReadAll(sql)).getRows();
  return {
    unknown,
    rows: await read(`select * exclude (line) from ${raw.table} order by line`),
    rejects: await read(`select column_name, reason, line, source_row from ${raw.rejects} order by line`),
  };
}

test('gives every value its text, and a missing field a null', async () => {
  const hostile = `'; drop table x; --\t"\\\n\r\b\u0001\u007f😀`;
  const found = await put(
    [
      { id: 1, Id: 'capital', text: hostile, at: new Date(0), bytes: Uint8Array.of(0, 255), tags: ['a', { b: 1 }] },
      { id: 9007199254740993n, text: null, at: true, tags: 0.1 },
      { id: '', text: 'null', at: -0, tags: 1e-7 },
    ],
    ['id', 'Id', 'text', 'at', 'bytes', 'tags'],
  );
  expect(found).toEqual({
    unknown: [],
    rejects: [],
    rows: [
      ['1', 'capital', hostile, '1970-01-01T00:00:00.000Z', '\\x00ff', '["a",{"b":1}]'],
      ['9007199254740993', null, null, 'true', null, '0.1'],
      ['', null, 'null', '0', null, '1e-7'],
    ],
  });
});

test('takes no rows, rows longer than a block, and many of them', async () => {
  expect((await put([], ['id'])).rows).toEqual([]);
  const long = 'x'.repeat(3_000_000);
  expect((await put([{ id: long }], ['id'])).rows).toEqual([[long]]);
  const many = Array.from({ length: 30_000 }, (_, id) => ({ id }));
  expect((await put(many, ['id'])).rows).toEqual(many.map(({ id }) => [String(id)]));
});

test('sets rows aside whose values have no text, with their place and reason', async () => {
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  const bad = [2 ** 60, '\ud800', Symbol('s'), () => 1, circle, new Date(NaN), [1n]];
  const found = await put([{ id: 1 }, ...bad.map((id) => ({ id })), { id: 2 }], ['id']);
  expect(found.rows).toEqual([['1'], ['2']]);
  expect(found.rejects.map(([column, reason, line]) => [column, reason, Number(line)])).toEqual([
    ['id', 'out_of_range', 2],
    ['id', 'invalid_text', 3],
    ['id', 'wrong_type', 4],
    ['id', 'wrong_type', 5],
    ['id', 'wrong_type', 6],
    ['id', 'wrong_type', 7],
    ['id', 'wrong_type', 8],
  ]);
});

test('tells each field that nobody asked for once, and takes no inherited one', async () => {
  const rows = [{ id: 1, extra: 1 }, { id: 2, extra: 2, other: 3 }, Object.create({ id: 3 }) as SourceRow];
  const found = await put(rows, ['id', 'constructor']);
  expect(found.unknown).toEqual(['extra', 'other']);
  expect(found.rows).toEqual([
    ['1', null],
    ['2', null],
    [null, null],
  ]);
});

test('a text of a value that says its own', () => {
  expect(textOfValue({ toJSON: () => '12.50' })).toBe('12.50');
  expect(textOfValue(NaN)).toBe('NaN');
  expect(textOfValue(undefined)).toBeNull();
});

test('a text stays in quotes where it is JSON', async () => {
  const values = ['a "text"', 'null', null, 1.5, true, ['x'], { y: null }];
  const { rows } = await put(
    values.map((doc) => ({ doc })),
    ['doc'],
    'doc',
  );
  expect(rows).toEqual([['"a \\"text\\""'], ['"null"'], [null], ['1.5'], ['true'], ['["x"]'], ['{"y":null}']]);
});

test('ends at once when it is stopped, also where the rows never come', async () => {
  using duckdb = await openDuckDb(folder);
  const stop = new AbortController();
  const never = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) };
  const put = putRows(never, { columns: ['id'], folder }, duckdb, () => undefined, stop.signal);
  stop.abort();
  await expect(put).rejects.toMatchObject({ name: 'AbortError' });
});
