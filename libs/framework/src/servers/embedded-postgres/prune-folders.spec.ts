import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { isAlive } from '../../settings/is-alive.ts';
import { pruneFolders } from './prune-folders.ts';

const shared = mkdtempSync(join(tmpdir(), 'datakit-shared-'));
afterEach(() => rmSync(shared, { recursive: true, force: true }));

function serverData(name: string, home: string | undefined, pid?: number): string {
  const folder = join(shared, name);
  mkdirSync(join(folder, 'data'), { recursive: true });
  if (home !== undefined) writeFileSync(join(folder, 'home'), `${home}\n`);
  if (pid !== undefined) writeFileSync(join(folder, 'data', 'postmaster.pid'), `${pid}\n`);
  return folder;
}

test('server data are removed when their home is gone, nothing runs there, and they say whose they are', async () => {
  const gone = join(shared, 'no-such-home');
  const noProcess = 2 ** 22 - 1;
  expect(isAlive(noProcess)).toBe(false);
  const abandoned = serverData('abandoned', gone, noProcess);
  const staying = [
    serverData('in-use', gone, process.pid),
    serverData('at-home', shared),
    serverData('unknown', undefined),
  ];
  expect(await pruneFolders(shared)).toEqual([{ folder: abandoned, home: gone }]);
  expect([abandoned, ...staying].map((folder) => existsSync(folder))).toEqual([false, true, true, true]);
  expect(await pruneFolders(join(shared, 'nothing'))).toEqual([]);
});
