import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { formatColumnType } from '../../model/column-type.ts';
import { FilesConnector } from './files-connector.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'datakit-guess-spec-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The type of a column that holds these fields, as csv writes them. */
async function guess(
  fields: readonly string[],
  ending = 'csv',
  text = `c,d\n${fields.map((f) => `${f},x\n`).join('')}`,
) {
  writeFileSync(join(folder, `t.${ending}`), text);
  await using connector = new FilesConnector({ path: folder, format: undefined, dialect: {}, tables: new Map() });
  const [table] = await connector.describeTables('files');
  const [column] = table?.columns ?? [];
  return column && [formatColumnType(column.type), column.guessed ?? false];
}

describe('the types of csv', () => {
  it.each([
    [['1', '-2', '', '2147483647'], 'integer'],
    [['1', '2147483648'], 'bigint'],
    [['1', '9223372036854775808'], 'numeric(38,0)'],
    [['1', '1.10'], 'numeric(38,2)'],
    [['true', 'false'], 'boolean'],
    [['2024-02-29', ''], 'date'],
    [['2024-02-29 23:59:59.5', '2024-01-01T00:00:00'], 'timestamp(6) without time zone'],
    [['2024-02-29T23:59:59Z', '2024-01-01 00:00:00+02:00'], 'timestamp(6) with time zone'],
    [['00000000-0000-0000-0000-000000000000'], 'uuid'],
  ])('%j are of type %s', async (fields, type) => {
    expect(await guess(fields)).toEqual([type, true]);
  });

  it.each([
    [['1', '007']],
    [['+1']],
    [['1e5']],
    [['-0']],
    [[' 1']],
    [['1', '""']],
    [['', '']],
    [['2023-02-29']],
    [['2024-02-29', '2024-02-29 00:00:00']],
    [['True', 'yes']],
    [['2024-02-29 24:00:00']],
    [['123456789012345678901234567890123456789']],
    [['A0000000-0000-0000-0000-000000000000']],
  ])('%j stay text: any other type would change one of them', async (fields) => {
    expect(await guess(fields)).toEqual(['text', false]);
  });

  it('sees the last of many rows', async () => {
    const fields = Array.from({ length: 50_000 }, (_, index) => String(index));
    expect(await guess([...fields, 'x'])).toEqual(['text', false]);
    expect(await guess(fields)).toEqual(['integer', true]);
  });

  it('of JSON are guessed, too', async () => {
    expect(await guess([], 'ndjson', '{"c": 1}\n{"c": 2}\n')).toEqual(['integer', true]);
  });
});
