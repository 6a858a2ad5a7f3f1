import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { describeWith, outputOf } from '../../testing/index.ts';
import { PipelineWorkspace } from './contract/pipeline-workspace.ts';

describeWith(['sqlite3'], 'a pipeline', () => {
  let workspace: PipelineWorkspace;
  beforeEach(async () => {
    workspace = new PipelineWorkspace();
    await workspace.createSource();
  });
  afterEach(() => workspace[Symbol.dispose]());

  const all = ['bronze-a.a 1', 'bronze-b.b1 1', 'bronze-b.b2 1', 'gold.all_a 1', 'gold.all_b 1', 'silver-a.clean_a 1'];
  const outcomes = () => {
    const { stages = [], status } = workspace.lastReport();
    return [status, ...stages.map(({ project, outcome }) => `${project} ${outcome}`).toSorted()];
  };
  const succeeds = async (options: readonly string[] = [], variables: NodeJS.ProcessEnv = {}): Promise<string> => {
    const { exitCode, stdout, stderr } = await workspace.pipeline(options, variables);
    expect(`${exitCode} ${stdout}${stderr}`).toMatch(/^0 /);
    return stdout;
  };
  const failsWith = async (pattern: RegExp, options: readonly string[], variables: NodeJS.ProcessEnv = {}) => {
    const { exitCode, stdout, stderr } = await workspace.pipeline(options, variables);
    expect([exitCode, stdout + stderr]).toEqual([1, expect.stringMatching(pattern)]);
  };
  const source = (sql: string) => outputOf('sqlite3', [workspace.source, sql]);

  test('loads every datakit once, and ends with a line for each layer', async () => {
    const text = await succeeds();
    expect(await workspace.loads()).toEqual([...all, 'silver-b.clean_b 1']);
    expect(text).toMatch(/layer *│ *datakits │ tables │ rows │ quarantined │ checks │ seconds/);
    expect(text).toMatch(/bronze *│ +2 │ +3 │ +9 │ +0 │ +1 │/);
    expect(text).toMatch(/silver *│ +2 │ +2 │ +6 │ +0 │ +1 │/);
    expect(text).toMatch(/gold *│ +1 │ +2 │ +6 │ +0 │ +0 │/);
  });

  describe('a failure', () => {
    test('stops what is downstream of it and nothing else', async () => {
      await failsWith(/gold: skipped, because silver-a did not succeed/, [], { LEAST_A: '15' });
      expect(outcomes()).toEqual([
        'failed',
        ...['bronze-a done', 'bronze-b done', 'gold skipped', 'silver-a failed', 'silver-b done'],
      ]);
      expect(await workspace.loads()).toEqual(['bronze-a.a 1', 'bronze-b.b1 1', 'bronze-b.b2 1', 'silver-b.clean_b 1']);
      expect(await workspace.ask('select count(*) from silver_a_clean_a')).toEqual(['0']);
    });

    test('tells its code and how to go on, and leaves what was published before', async () => {
      await succeeds();
      await source('update a set amount = 5 where id = 1');
      await failsWith(
        /CHECK_FAILED: 2 of 5 datakits did not succeed; the first was ingest of silver-a[^]*--resume/,
        [],
        {
          LEAST_A: '8',
        },
      );
      expect(await workspace.ask('select amount from silver_a_clean_a order by id')).toEqual(['10', '20', '30']);
      expect(await workspace.ask('select amount from gold_all_a order by id')).toEqual(['10', '20', '30']);
    });
  });

  describe('--resume', () => {
    test('loads what the failed run did not, and nothing again', async () => {
      await failsWith(/CHECK_FAILED/, [], { LEAST_A: '15' });
      const failed = workspace.lastReport().runId;
      expect(await succeeds(['--resume'])).toMatch(/bronze-a: its loads were made before the run failed/);
      expect(await workspace.loads()).toEqual([...all, 'silver-b.clean_b 1']);
      expect(await workspace.ask('select distinct run_id from _datakit_loads')).toEqual([failed]);
      expect(workspace.lastReport()).toMatchObject({ resumes: failed, status: 'succeeded' });
    });

    test('loads the tables of a source that are missing', async () => {
      await failsWith(/ingest of bronze-b/, [], { LEAST_B2: '15' });
      expect(await succeeds(['--resume'])).toMatch(/bronze-b: goes on with 1 table: b2/);
      expect(await workspace.loads()).toEqual([...all, 'silver-b.clean_b 1']);
    });

    test('goes on with the same run when it fails again', async () => {
      await failsWith(/CHECK_FAILED/, [], { LEAST_A: '15' });
      const failed = workspace.lastReport().runId;
      await failsWith(/CHECK_FAILED/, ['--resume'], { LEAST_A: '12' });
      await succeeds(['--resume']);
      expect(workspace.lastReport().resumes).toBe(failed);
      expect(await workspace.loads()).toEqual([...all, 'silver-b.clean_b 1']);
    });

    test('is not led astray by plans, refused commands, or a part that succeeded', async () => {
      await failsWith(/CHECK_FAILED/, [], { LEAST_A: '15' });
      const failed = workspace.lastReport().runId;
      await succeeds(['--plan']);
      await failsWith(/DATAKIT_UNKNOWN/, ['--resume', '--only=silver-c']);
      await succeeds(['--resume', '--only=silver-a']);
      await succeeds(['--resume']);
      expect(workspace.lastReport().resumes).toBe(failed);
      expect(await workspace.loads()).toEqual([...all, 'silver-b.clean_b 1']);
    });

    test('loads again what is declared otherwise since, and what is built on it', async () => {
      await failsWith(/CHECK_FAILED/, [], { LEAST_A: '15' });
      workspace.edit('libs/bronze-b/index.ts', 'amount: p.integer()', 'amount: p.bigint()');
      workspace.edit('libs/silver-b/index.ts', 'amount: p.integer()', 'amount: p.bigint()');
      workspace.edit(
        'libs/gold/index.ts',
        `tableName: 'all_b',\n  properties: { id: p.integer().primary(), amount: p.integer()`,
        `tableName: 'all_b',\n  properties: { id: p.integer().primary(), amount: p.bigint()`,
      );
      await succeeds(['--resume']);
      expect(await workspace.loads()).toEqual([
        ...['bronze-a.a 1', 'bronze-b.b1 2', 'bronze-b.b2 1', 'gold.all_a 1', 'gold.all_b 1', 'silver-a.clean_a 1'],
        'silver-b.clean_b 2',
      ]);
    });

    test('of nothing is refused', async () => {
      await failsWith(/OPTION_INVALID: app never ran on sqlite_file, so there is nothing to resume/, ['--resume']);
      await succeeds();
      await failsWith(/OPTION_INVALID: The last run of app on sqlite_file succeeded/, ['--resume']);
    });
  });

  describe('--only', () => {
    test('takes the named datakits and no others', async () => {
      await succeeds();
      await source('insert into a values (4, 40)');
      await succeeds(['--only=bronze-a,silver-a']);
      expect(outcomes()).toEqual(['succeeded', 'bronze-a done', 'silver-a done']);
      expect(await workspace.ask('select count(*) from silver_a_clean_a')).toEqual(['4']);
      expect(await workspace.ask('select count(*) from gold_all_a')).toEqual(['3']);
    });

    test('names the nearest for one that is not there', async () => {
      await failsWith(/DATAKIT_UNKNOWN: The pipeline has no datakit "silver-aa"[^]*silver-a/, ['--only=silver-aa']);
    });
  });

  test('--upstream=missing leaves loads that are good, and builds on what is not', async () => {
    await succeeds();
    await succeeds(['--upstream=missing']);
    expect(await workspace.loads()).toEqual([...all, 'silver-b.clean_b 1']);
    await workspace.datakit(['ingest', 'libs/bronze-b']);
    expect(await succeeds(['--upstream=missing'])).toMatch(/silver-a: its loads are still good/);
    expect(await workspace.loads()).toEqual([
      ...['bronze-a.a 1', 'bronze-b.b1 2', 'bronze-b.b2 2', 'gold.all_a 2', 'gold.all_b 2', 'silver-a.clean_a 1'],
      'silver-b.clean_b 2',
    ]);
  });

  test('a circle is told with its path, before anything runs', async () => {
    workspace.write('libs/bronze-a/package.json', {
      name: 'bronze-a',
      type: 'module',
      exports: './index.ts',
      dependencies: { gold: '*' },
    });
    await failsWith(/CYCLE: Packages depend on each other in a circle: gold → silver-a → bronze-a → gold/, []);
  });
});
