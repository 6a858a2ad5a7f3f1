import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { runProgram } from './index.ts';

const workspace = join(import.meta.dirname, '../../../..');

it('the example in docs/testing.md prints what it says there', async () => {
  const page = readFileSync(join(workspace, 'docs/testing.md'), 'utf8');
  const [, program = ''] = /```ts\n(.*?)```/s.exec(page) ?? [];
  const [, printed = ''] = /It prints:\n\n```\n(.*?)```/s.exec(page) ?? [];
  // Below the workspace, so that it finds the packages as a user's script does.
  const folder = join(workspace, 'tmp', `testing-${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'example.ts'), program);
    const env = { ...process.env, NODE_OPTIONS: '', FORCE_COLOR: '0' };
    const args = ['--disable-warning=ExperimentalWarning', join(folder, 'example.ts')];
    const result = await runProgram(process.execPath, args, { cwd: workspace, env });
    expect(result).toEqual({ exitCode: 0, stdout: printed, stderr: '' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
