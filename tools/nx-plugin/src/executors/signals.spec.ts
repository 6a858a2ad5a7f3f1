import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith } from '@datakit/framework/testing';
import { ScratchWorkspace } from '../testing/scratch-workspace.ts';

// `nx affected` needs a repository, so the scratch workspace is one.
describeWith(['git'], 'signals', () => {
  let workspace: ScratchWorkspace;
  beforeAll(() => {
    workspace = new ScratchWorkspace();
  });
  afterAll(() => workspace[Symbol.dispose]());

  test.each([
    ['SIGINT', ['run', 'bronze:deploy']],
    ['SIGTERM', ['run', 'bronze:deploy']],
    ['SIGINT', ['run-many', '-t', 'deploy']],
    ['SIGTERM', ['run-many', '-t', 'deploy']],
  ] as const)('%s lets the work in hand end by itself, in less than the grace period: nx %j', async (signal, args) => {
    const calls = join(workspace.root, `.nx/calls-${signal}-${args.length}`);
    const child = spawn(process.execPath, [workspace.nxScript, ...args], {
      cwd: workspace.root,
      env: { ...workspace.environment(calls), RECORDED_WAIT: '1' },
      stdio: 'ignore',
    });
    const exit = new Promise<number | null>((resolve) => child.on('exit', resolve));
    while (!existsSync(calls)) await sleep(50);
    const start = performance.now();
    child.kill(signal);
    expect(await exit).not.toBe(0);
    while (!existsSync(`${calls}.ends`)) await sleep(50);
    expect(performance.now() - start).toBeLessThan(4_000);
  });
});
