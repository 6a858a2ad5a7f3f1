import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeWith } from '@datakit/framework/testing';
import { ScratchWorkspace } from '../testing/scratch-workspace.ts';

// `nx affected` needs a repository, so the scratch workspace is one.
describeWith(['git'], 'refused commands', () => {
  let workspace: ScratchWorkspace;
  beforeAll(() => {
    workspace = new ScratchWorkspace({
      targets: { staging: { type: 'postgres', host: 'db', password: '${STAGING_PASSWORD}' } },
    });
    workspace.write('libs/bronze/changed.txt', 'makes the datakits affected');
  });
  afterAll(() => workspace[Symbol.dispose]());

  /** What Nx by itself would run without a configuration, or not at all, with exit code 0. */
  const refused: [code: string, ...args: string[]][] = [
    ['TARGET_UNKNOWN', 'run', 'bronze:deploy:stagin'],
    ['TARGET_UNKNOWN', 'run', 'bronze:deploy:staging:extra'],
    ['TARGET_UNKNOWN', 'run', 'bronze:deploy:'],
    ['TARGET_UNKNOWN', 'run', 'bronze:deploy:toString'],
    ['TARGET_UNKNOWN', 'run', 'bronze:deploy:staging', '-c', 'stagin'],
    ['TARGET_UNKNOWN', 'deploy', 'bronze', '-c', 'stagin'],
    ['TARGET_UNKNOWN', 'run-many', '-t', 'deploy', '-c', 'stagin'],
    ['TARGET_UNKNOWN', 'run-many', '-t', 'deploy', 'validate', '-c', 'staging', '-c', 'stagin'],
    ['TARGET_UNKNOWN', 'affected', '-t', 'ingest', '--base=HEAD', '-c', 'stagin'],
    ['OPTION_INVALID', 'run', 'bronze:deploy', '-cstaging'],
    ['OPTION_INVALID', 'run', 'bronze:deploy', '--plan', '--', '--keep'],
    ['OPTION_INVALID', 'run-many', '-t', 'deplyo', '-c', 'staging'],
    ['OPTION_INVALID', 'affected', '-t', 'deplyo', '--base=HEAD'],
    ['OPTION_UNKNOWN', 'run-many', '-t', 'deploy', '--plna'],
    ['SECRET_IN_ARGS', 'run', 'bronze:deploy', '--url=postgresql://user:hunter2@db/other'],
  ];

  describe('is refused, and nothing runs:', () => {
    test.each(refused.map(([code, ...args]) => [args.join(' '), code, args] as const))(
      'nx %s → %s',
      (_, code, args) => {
        const { status, text, steps } = workspace.nx(args);
        expect(text).toMatch(new RegExp(`^ NX   ${code}: `, 'm'));
        expect(status).not.toBe(0);
        expect(steps).toEqual([]);
        expect(text).not.toMatch(/hunter2|stacktrace|^ +at /m);
      },
    );
  });

  test('a mistyped target is answered with the nearest one and the list', () => {
    const { text } = workspace.nx(['run', 'bronze:deploy:postgres_locl']);
    expect(text).toContain('There is no database target "postgres_locl".');
    expect(text).toContain('Did you mean "postgres_local"? Known: sqlite_memory, sqlite_file, postgres_embedded, ');
  });

  test('the hook refuses in the same way when Nx runs plugins in processes of their own', () => {
    const { status, text, steps } = workspace.nx(['run', 'bronze:deploy:stagin'], { NX_ISOLATE_PLUGINS: 'true' });
    expect(text).toContain('TARGET_UNKNOWN: There is no database target "stagin".');
    expect(text).not.toContain('stacktrace');
    expect([status, steps]).toEqual([1, []]);
  });

  test('targets of somebody else’s executors are left alone', () => {
    const { status, text } = workspace.nx(['run', 'shop:deploy', '-c', 'production', '--anything=1']);
    expect(text).toContain('shop-was-deployed');
    expect(status).toBe(0);
  });
});
