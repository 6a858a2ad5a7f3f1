import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith, outputOf } from '../../testing/index.ts';
import { PipelineWorkspace } from './contract/pipeline-workspace.ts';

// The tests are one story: each begins where the one before it ended.
describeWith(['sqlite3'], 'a pipeline with --plan tells why each datakit would run', () => {
  let workspace: PipelineWorkspace;
  beforeAll(async () => {
    workspace = new PipelineWorkspace();
    await workspace.createSource();
  });
  afterAll(() => workspace[Symbol.dispose]());

  /** What the plan says of each datakit: its deployment and its ingest. */
  async function plan(...options: string[]): Promise<Record<string, readonly [string, string]>> {
    const { exitCode, stdout } = await workspace.pipeline(['--plan', ...options]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('Nothing was changed.')]);
    const rows = stdout.split('\n').filter((line) => /^│ (bronze|silver|gold)/.test(line));
    return Object.fromEntries(
      rows.map((row) => {
        const [, project = '', , deploy = '', ingest = ''] = row.split('│').map((cell) => cell.trim());
        return [project, [deploy, ingest]];
      }),
    );
  }
  const run = async (...options: string[]) => expect(await workspace.pipeline(options)).toMatchObject({ exitCode: 0 });
  const good = ['up to date', 'nothing: its loads are still good'];

  test('never deployed here', async () => {
    expect(await plan()).toEqual({
      'bronze-a': ['1 statement: never deployed here', 'never deployed here'],
      'bronze-b': ['2 statements: never deployed here', 'never deployed here'],
      'silver-a': ['1 statement: never deployed here', 'never deployed here'],
      'silver-b': ['1 statement: never deployed here', 'never deployed here'],
      gold: ['2 statements: never deployed here', 'never deployed here'],
    });
  });

  test('nothing, and with all loads: everything is read again', async () => {
    await run();
    expect(await plan('--upstream=missing')).toEqual({
      ...{ 'bronze-a': good, 'bronze-b': good, 'silver-a': good, 'silver-b': good, gold: good },
    });
    expect(await plan('--only=bronze-a')).toEqual({
      'bronze-a': ['up to date', 'all sources are read again; --upstream=missing leaves good loads'],
    });
  });

  test('the source has new data, where a cursor tells', async () => {
    await outputOf('sqlite3', [workspace.source, 'insert into a values (4, 40); insert into b1 values (4, 40)']);
    expect(await plan()).toMatchObject({
      'bronze-a': ['up to date', 'source has new data: a'],
      'silver-a': ['up to date', 'upstream reloaded: bronze-a is loaded first'],
      gold: ['up to date', expect.stringMatching(/^upstream reloaded: /)],
    });
    expect(await workspace.ask('select count(*) from bronze_a_a')).toEqual(['3']);
    await run();
  });

  test('upstream reloaded', async () => {
    expect(await workspace.datakit(['ingest', 'libs/bronze-b'])).toMatchObject({ exitCode: 0 });
    expect(await plan('--upstream=missing')).toMatchObject({
      'bronze-b': good,
      'silver-b': ['up to date', 'upstream reloaded: bronze-b.b1'],
      'silver-a': good,
      gold: ['up to date', 'upstream reloaded: silver-b is loaded first'],
    });
    await run('--upstream=missing');
  });

  test('drifted', async () => {
    await workspace.ask('alter table silver_b_clean_b drop column amount');
    expect(await plan('--upstream=missing', '--only=silver-b,gold')).toMatchObject({
      'silver-b': [expect.stringMatching(/^\d+ statements: drifted$/), good[1]],
      gold: good,
    });
    await workspace.ask('alter table silver_b_clean_b add column amount integer not null default 0');
  });

  test('code changed', async () => {
    workspace.edit('libs/silver-a/index.ts', 'amount: p.integer()', 'amount: p.integer().index()');
    workspace.edit(
      'libs/silver-a/index.ts',
      `.select(['t.id', 't.amount'])`,
      `.select(['t.id', 't.amount']).where('t.id', '>', 1)`,
    );
    expect(await plan('--upstream=missing', '--only=silver-a,gold')).toEqual({
      'silver-a': ['1 statement: code changed', 'code changed: clean_a'],
      gold: ['up to date', 'upstream reloaded: silver-a is loaded first'],
    });
  });
});
