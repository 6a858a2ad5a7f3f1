import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith } from '@datakit/framework/testing';
import { ScratchWorkspace, type RecordedStep } from '../testing/scratch-workspace.ts';

// `nx affected` needs a repository, so the scratch workspace is one.
describeWith(['git'], 'batches', () => {
  let workspace: ScratchWorkspace;
  beforeAll(() => {
    workspace = new ScratchWorkspace();
  });
  afterAll(() => workspace[Symbol.dispose]());

  const names = (steps: readonly RecordedStep[]) => steps.map(({ project, operation }) => `${project}:${operation}`);
  const processes = (steps: readonly RecordedStep[]) => new Set(steps.map((step) => step.process)).size;

  test('many projects are one process, in the order of the graph, each with its upstream folders', () => {
    const { status, steps } = workspace.nx(['run-many', '-t', 'deploy']);
    expect(status).toBe(0);
    expect(names(steps)).toEqual(['bronze:deploy', 'silver:deploy', 'gold:deploy']);
    expect(processes(steps)).toBe(1);
    expect(steps[2]?.upstream).toEqual([`${workspace.root}/libs/bronze`, `${workspace.root}/libs/silver`]);
  });

  test('affected takes the changed datakits and what builds on them, upstream first', () => {
    workspace.write(
      'libs/silver/changed.txt',
      'only silver and gold are affected; bronze runs because silver needs it',
    );
    const { status, steps } = workspace.nx(['affected', '-t', 'deploy', '--base=HEAD', '-c', 'sqlite_memory']);
    expect([status, names(steps), processes(steps)]).toEqual([0, ['bronze:deploy', 'silver:deploy', 'gold:deploy'], 1]);
    expect(steps[0]?.request.target).toEqual({ name: 'sqlite_memory' });
  });

  test.each([
    [['affected', '-t', 'ingest', '--base=HEAD'], ['bronze:ingest']],
    [['affected', '-t', 'ingest', '--base=HEAD', '--batch=false'], ['bronze:ingest']],
    [['affected', '-t', 'ingest', '--base=HEAD', '--concurrency=1'], ['bronze:ingest']],
    [
      ['run-many', '-t', 'ingest', '-p', 'gold'],
      ['bronze:ingest', 'silver:ingest'],
    ],
    [['run-many', '-t', 'ingest', '-p', 'g*', 'silver'], ['bronze:ingest']],
    [
      ['run', 'gold:ingest'],
      ['bronze:ingest', 'silver:ingest'],
    ],
    [['run-many', '-t', 'ingest'], []],
    [['run-many', '-t', 'ingest', '-c', 'sqlite_memory'], []],
  ])('nx %j: what it did not choose is there for others', (args, upstream) => {
    workspace.write('libs/silver/changed.txt', 'silver and gold are affected');
    const { status, steps } = workspace.nx(args);
    expect(status).toBe(0);
    const ingests = steps.filter(({ operation }) => operation === 'ingest');
    expect(names(ingests)).toEqual(['bronze:ingest', 'silver:ingest', 'gold:ingest']);
    expect(names(ingests.filter(({ isUpstream }) => isUpstream))).toEqual(upstream);
  });

  test('--batch=false gives each datakit a process, in the same order', () => {
    const { status, steps } = workspace.nx(['run-many', '-t', 'deploy', '--batch=false']);
    expect([status, names(steps), processes(steps)]).toEqual([0, ['bronze:deploy', 'silver:deploy', 'gold:deploy'], 3]);
  });

  test('one project has a process of its own, and so has each datakit upstream', () => {
    const { steps } = workspace.nx(['run', 'gold:deploy']);
    expect([names(steps).length, processes(steps)]).toEqual([3, 3]);
  });

  test.each([['deploy,ingest,validate'], ['validate,ingest']])(
    '-t %s: validate comes after what was named with it, and every step runs once',
    (targets) => {
      const { status, text, steps } = workspace.nx(['run-many', '-t', targets, '--output-style=static']);
      expect([status, text.match(/was run$/gm)?.length]).toEqual([0, 9]);
      expect(names(steps).toSorted()).toEqual([...new Set(names(steps))].toSorted());
      expect(steps).toHaveLength(9);
      for (const project of ['bronze', 'silver', 'gold']) {
        const order = names(steps).filter((name) => name.startsWith(`${project}:`));
        expect(order).toEqual([`${project}:deploy`, `${project}:ingest`, `${project}:validate`]);
      }
    },
  );

  test('what is downstream of a failure is skipped, and the rest goes on', () => {
    workspace.addDatakit('other', 'bronze');
    const { status, text, steps } = workspace.nx(['run-many', '-t', 'deploy'], { RECORDED_FAILURE: 'silver:deploy' });
    expect(status).not.toBe(0);
    expect(names(steps).toSorted()).toEqual(['bronze:deploy', 'other:deploy', 'silver:deploy']);
    expect(text).toMatch(
      /Tasks not run because their dependencies failed[^]*- gold:deploy[^]*Failed tasks:[^]*- silver:deploy/,
    );
  });

  test.each([[['run', 'bronze:deploy']], [['run-many', '-t', 'deploy', '-p', 'bronze']]])(
    'an end that fails fails the command, and its text is not shown: nx %s',
    (args) => {
      const { status, text } = workspace.nx(args, { RECORDED_END_FAILURE: '1' });
      expect(status).not.toBe(0);
      expect(text).toContain('INTERNAL: ');
      expect(text).not.toContain('secret value');
    },
  );
});
