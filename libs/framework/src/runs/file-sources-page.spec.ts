import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { runProgram } from '../testing/index.ts';

const workspace = join(import.meta.dirname, '../../../..');

it('the example in docs/file-sources.md prints what it says there', async () => {
  const page = readFileSync(join(workspace, 'docs/file-sources.md'), 'utf8');
  const [, program = ''] = /```ts\n(.*?)```/s.exec(page) ?? [];
  const [, printed = ''] = /```\n(BAD_ROWS: .*?)```/s.exec(page) ?? [];
  const home = mkdtempSync(join(tmpdir(), 'datakit-file-sources-'));
  // Below the workspace, so that it finds the packages as a user's script does.
  const folder = join(workspace, 'tmp', `file-sources-${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'example.ts'), program);
    const env = { ...process.env, NODE_OPTIONS: '', DATAKIT_HOME: home, FORCE_COLOR: '0' };
    const args = ['--disable-warning=ExperimentalWarning', join(folder, 'example.ts')];
    const result = await runProgram(process.execPath, args, { cwd: workspace, env });
    expect(result).toEqual({ exitCode: 0, stdout: printed, stderr: '' });
  } finally {
    for (const path of [home, folder]) rmSync(path, { recursive: true, force: true });
  }
});
