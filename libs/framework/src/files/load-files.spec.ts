import { copyFileSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LoadFiles, type FileFormat } from './load-files.ts';

describe('the files of a table', () => {
  let out: string;
  let files: LoadFiles;
  beforeEach(() => {
    out = mkdtempSync(join(tmpdir(), 'datakit-files-'));
    files = new LoadFiles(join(out, 'shop', 'item'), 'SQLite file one');
  });
  afterEach(() => rmSync(out, { recursive: true, force: true }));

  const stage = (loadId: string, ...formats: FileFormat[]): Promise<void> => stageAs({}, loadId, ...formats);

  async function stageAs(how: { adds?: true }, loadId: string, ...formats: FileFormat[]): Promise<void> {
    const folder = await files.stage(loadId);
    const parts = formats.map((format) => ({ name: `part-00000.${format}`, rows: 1, format }));
    for (const { name } of parts) writeFileSync(join(folder, name), loadId);
    await files.seal({ ...how, loadId, publishedAt: '2026-01-01T00:00:00.000000Z' }, parts);
  }
  const visible = (): string[] => readdirSync(files.folder).filter((name) => !name.startsWith('.'));

  it('are seen by nobody before they are published, with size and hash then', async () => {
    await stage('a', 'parquet');
    expect(visible()).toEqual([]);
    expect(await files.published()).toEqual([]);
    await files.publish('a');
    expect(visible()).toEqual(['a', 'manifest.json']);
    const sha256 = 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb';
    expect((await files.published())[0]?.files).toEqual([
      { path: 'a/part-00000.parquet', format: 'parquet', rows: 1, bytes: 1, sha256 },
    ]);
  });

  it('are added to earlier ones where the load adds rows', async () => {
    await stage('a', 'json');
    await files.publish('a');
    await stageAs({ adds: true }, 'b', 'json');
    await files.publish('b');
    expect((await files.published()).map((load) => load.loadId)).toEqual(['a', 'b']);
    expect(JSON.stringify(await files.published())).not.toContain('adds');
    expect(visible()).toEqual(['a', 'b', 'manifest.json']);
  });

  it('are published by the next run where one was killed between the renaming and the manifest', async () => {
    await stage('a', 'json');
    await files.publish('a');
    await stageAs({ adds: true }, 'b', 'json');
    // As far as a killed run came.
    const staged = readdirSync(files.folder).find((name) => name.startsWith('.staged-')) as string;
    const announced = staged.replace('.staged-', '.publishing-');
    copyFileSync(join(files.folder, staged, '.load.json'), join(files.folder, announced));
    renameSync(join(files.folder, staged), join(files.folder, 'b'));
    expect(await files.leftovers()).toEqual(['b']);
    await files.publish('b');
    expect((await files.published()).map((load) => load.loadId)).toEqual(['a', 'b']);
    expect(await files.leftovers()).toEqual([]);
  });

  it('replace earlier ones of the same format, and leave those of another', async () => {
    await stage('a', 'parquet', 'json');
    await files.publish('a');
    await stage('b', 'json');
    await files.publish('b');
    const named = (await files.published()).flatMap((load) => load.files.map((file) => file.path));
    expect(named).toEqual(['a/part-00000.parquet', 'b/part-00000.json']);
    expect(readdirSync(join(files.folder, 'a')).sort()).toEqual(['.load.json', 'part-00000.parquet']);
    await stage('c', 'parquet', 'json');
    await files.publish('c');
    expect(visible()).toEqual(['c', 'manifest.json']);
  });

  it('of a killed run are found by the next run on the same database, and by no other', async () => {
    await stage('a', 'json');
    const other = new LoadFiles(files.folder, 'SQLite file two');
    expect(await files.leftovers()).toEqual(['a']);
    expect(await other.leftovers()).toEqual([]);
    await files.discard('a');
    expect(await files.leftovers()).toEqual([]);
  });

  it('are written by one run at a time', async () => {
    using lock = await files.lock(1);
    const other = new LoadFiles(files.folder, 'SQLite file two');
    await expect(other.lock(0.1)).rejects.toMatchObject({ code: 'LOCKED', retryable: true });
    lock[Symbol.dispose]();
    using next = await other.lock(1);
    expect(next).toBeDefined();
  });

  it('cannot lie where a file is in the way', async () => {
    writeFileSync(join(out, 'shop'), '');
    await expect(files.lock(1)).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
    expect(existsSync(join(out, 'shop', 'item'))).toBe(false);
  });
});
