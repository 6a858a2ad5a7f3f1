import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith, startPostgres, type TestPostgres } from '@datakit/framework/testing';
import { createPagila } from '@datakit/pagila-source';
import { CopiedWorkspace, type CommandResult } from './support/copied-workspace.ts';

describeWith(['postgres', 'sqlite3', 'git'], 'the steps of CI on this machine', () => {
  let source: TestPostgres;
  let workspace: CopiedWorkspace;

  beforeAll(async () => {
    source = await startPostgres();
    await source.psql('postgres', 'create database pagila template template0');
    await createPagila(source.url('pagila'), { scale: 0.02 });
    workspace = new CopiedWorkspace({ PAGILA_URL: source.url('pagila') });
    await workspace.commit('start');
  });
  afterAll(async () => {
    workspace?.[Symbol.dispose]();
    await source?.stop();
  });

  // The rooms of the copy have neither tests nor the configuration of the linter.
  const check = (...args: string[]): Promise<CommandResult> =>
    workspace.script('tools/ci/check-change', '--checks=typecheck', '--base=HEAD~1', ...args);

  test('a change that does not compile gets into no database', async () => {
    workspace.edit('libs/gold-pagila/src/dim-store.ts', `'store.manager', `, `'store.no_such_column', `);
    await workspace.commit('broken');
    const { exitCode, output } = await check();
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/no_such_column/);
    expect(existsSync(workspace.database)).toBe(false);
  }, 300_000);

  test('a good change is deployed, loaded and validated with what it needs, and reported', async () => {
    workspace.edit('libs/gold-pagila/src/dim-store.ts', `'store.no_such_column', `, `'store.manager', `);
    await workspace.commit('mended');
    const { exitCode, output } = await check('sqlite_file');
    expect(`${exitCode} ${output}`).toMatch(/^0 [^]*gold-pagila is valid[^]*Reports of the runs: \.datakit\/runs/);
    expect(await workspace.ask('select count(*) > 0 from gold_pagila_dim_store')).toEqual(['1']);
    const { runId } = JSON.parse(readFileSync(join(workspace.root, '.datakit', 'runs', 'latest.json'), 'utf8')) as {
      runId: string;
    };
    expect(existsSync(join(workspace.root, '.datakit', 'runs', runId, 'gold-pagila.validate.json'))).toBe(true);
  }, 300_000);

  test('an option that there is not is refused', async () => {
    expect(await check('--taget=sqlite_file')).toMatchObject({
      exitCode: 2,
      output: 'check-change: there is no option --taget\n',
    });
  });
});
