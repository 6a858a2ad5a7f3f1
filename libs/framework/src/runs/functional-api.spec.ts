import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { runProgram } from '../testing/index.ts';

const workspace = join(import.meta.dirname, '../../../..');
const page = readFileSync(join(workspace, 'docs/use-without-nx.md'), 'utf8');
const [, program = ''] = /```ts\n(.*?)```/s.exec(page) ?? [];
const [, printed = ''] = /```\n(15 new tables.*?)```/s.exec(page) ?? [];

describe('the example in docs/use-without-nx.md', () => {
  const home = mkdtempSync(join(tmpdir(), 'datakit-api-'));
  // Below the workspace, so that it finds the packages as a user's script does.
  const folder = join(workspace, 'tmp', `api-${process.pid}`);
  const script = join(folder, 'example.ts');
  afterAll(() => {
    for (const path of [home, folder]) rmSync(path, { recursive: true, force: true });
  });

  it.each(['sqlite_memory', 'sqlite_file', 'postgres_embedded'])(
    'prints what it says there on %s, and leaves nothing',
    async (target) => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(script, program);
      const env = {
        ...process.env,
        NODE_OPTIONS: '',
        DATAKIT_HOME: home,
        TARGET: target,
        PAGILA_URL: '',
        FORCE_COLOR: '0',
      };
      const result = await runProgram(process.execPath, ['--disable-warning=ExperimentalWarning', script], {
        cwd: workspace,
        env,
      });
      expect(result).toEqual({ exitCode: 0, stdout: printed, stderr: '' });
    },
  );
});
