import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith } from '@datakit/framework/testing';
import { ScratchWorkspace } from '../testing/scratch-workspace.ts';

// `nx affected` needs a repository, so the scratch workspace is one.
describeWith(['git'], 'accepted commands', () => {
  let workspace: ScratchWorkspace;
  beforeAll(() => {
    workspace = new ScratchWorkspace({
      defaultTarget: 'staging',
      targets: { staging: { type: 'postgres', host: 'db' } },
    });
  });
  afterAll(() => workspace[Symbol.dispose]());

  function asked(...args: string[]) {
    const { status, text, steps } = workspace.nx(args);
    if (status !== 0) throw new Error(text);
    return steps.map(({ project, operation, request: { target, options } }) => ({
      project,
      operation,
      target,
      options,
    }));
  }

  test('nx run: target and options reach the named task, what concerns every datakit reaches upstream, too', () => {
    const steps = asked('run', 'silver:deploy:postgres_local', '--recreate', '--lock-timeout', '3', '--verbose');
    const target = { name: 'postgres_local' };
    expect(steps).toEqual([
      { project: 'bronze', operation: 'deploy', target, options: { lockTimeout: 3 } },
      { project: 'silver', operation: 'deploy', target, options: { lockTimeout: 3, recreate: true } },
    ]);
  });

  test('the short form, a place instead of a name, and options after --', () => {
    const place = ['--targetType=postgres', '--host', 'localhost', '--port=5433'];
    expect(asked('deploy', 'bronze', '--', ...place, '--plan')).toEqual([
      {
        project: 'bronze',
        operation: 'deploy',
        target: { targetType: 'postgres', host: 'localhost', port: 5433 },
        options: { plan: true },
      },
    ]);
  });

  test('Nx’s own flags are not ours', () => {
    const flags = '--parallel=2 --skip-nx-cache --output-style static --nxBail --exclude shop -p bronze silver';
    expect(asked('run-many', '-t', 'deploy', ...flags.split(' '), '-c', 'staging')).toEqual([
      { project: 'bronze', operation: 'deploy', target: { name: 'staging' }, options: {} },
      { project: 'silver', operation: 'deploy', target: { name: 'staging' }, options: {} },
    ]);
  });

  test('every task of a run has the same run id, the workspace’s targets and its default', () => {
    const requests = workspace.nx(['run', 'silver:deploy']).steps.map(({ request }) => request);
    expect(new Set(requests.map(({ runId }) => runId)).size).toBe(1);
    expect(requests[0]).toMatchObject({ defaultTarget: 'staging', targets: { staging: { host: 'db' } }, target: {} });
  });

  test('a datakit that runs because another target depends on it gets the configuration and no options', () => {
    const [first] = asked('run', 'shop:e2e', '-c', 'postgres_local');
    expect(first).toEqual({ project: 'bronze', operation: 'deploy', target: { name: 'postgres_local' }, options: {} });
  });

  test('an nx that a task starts does not inherit the request of the outer one', () => {
    const stale = JSON.stringify({ runId: 'old', target: { name: 'postgres_local' }, options: { plan: true } });
    const [step] = workspace.nx(['run', 'bronze:deploy'], { DATAKIT_RUN: stale }).steps;
    expect(step?.request).toMatchObject({ target: {}, options: {} });
    expect(step?.request.runId).not.toBe('old');
  });

  test('project.json may set options of its own and move a target', () => {
    workspace.write('libs/bronze/project.json', {
      name: 'bronze',
      targets: { deploy: { options: { lockTimeout: 60 }, configurations: { staging: { database: 'of_bronze' } } } },
    });
    const [step] = workspace.nx(['run', 'bronze:deploy:staging']).steps;
    expect(step?.request).toMatchObject({
      target: { name: 'staging' },
      targets: { staging: { type: 'postgres', host: 'db', database: 'of_bronze' } },
      options: { lockTimeout: 60 },
    });
  });

  test('without the plugin in nx.json an executor refuses to run', () => {
    using other = new ScratchWorkspace();
    other.write('nx.json', { analytics: false, neverConnectToCloud: true });
    other.write('libs/bronze/project.json', {
      name: 'bronze',
      targets: { deploy: { executor: '@datakit/nx:deploy' } },
    });
    const { status, text, steps } = other.nx(['run', 'bronze:deploy', '--batch=false']);
    expect(text).toContain('OPTION_INVALID: The executors of @datakit/nx ran without its plugin');
    expect([status, steps]).toEqual([1, []]);
  });
});
