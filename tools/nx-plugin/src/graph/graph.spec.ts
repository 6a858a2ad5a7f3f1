import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith } from '@datakit/framework/testing';
import { ScratchWorkspace } from '../testing/scratch-workspace.ts';

// `nx affected` needs a repository, so the scratch workspace is one.
describeWith(['git'], 'the project graph', () => {
  let workspace: ScratchWorkspace;
  beforeAll(() => {
    workspace = new ScratchWorkspace({ targets: { ci: { type: 'sqlite' } } });
  });
  afterAll(() => workspace[Symbol.dispose]());

  test('every datakit has the operations, a configuration for each target, and the tag of its layer', () => {
    const { text } = workspace.nx(['show', 'project', 'silver', '--json']);
    const { tags, targets } = JSON.parse(text);
    expect(tags).toContain('layer:silver');
    const names = [
      'ci',
      'development',
      'integration',
      'mariadb_container',
      'mariadb_local',
      'mysql_container',
      'mysql_local',
      'postgres_container',
      'postgres_embedded',
      'postgres_local',
      'production',
      'sqlite_file',
      'sqlite_memory',
    ];
    for (const [name, dependsOn] of [
      ['deploy', ['^deploy']],
      ['ingest', ['deploy', { target: 'ingest', dependencies: true, options: 'forward' }]],
      ['validate', []],
    ] as const) {
      expect(targets[name]).toMatchObject({ executor: `@datakit/nx:${name}`, cache: false, dependsOn });
      expect(Object.entries(targets[name].configurations)).toEqual(names.map((target) => [target, {}]));
      expect(targets[name]).not.toHaveProperty('defaultConfiguration');
      expect(targets[name].metadata).toMatchObject({
        technologies: ['datakit'],
        help: { command: expect.any(String) },
      });
    }
    expect(targets.targets.executor).toBe('@datakit/nx:targets');
  });

  test('the graph holds nothing of the environment', () => {
    const show = (environment: NodeJS.ProcessEnv) =>
      workspace.nx(['show', 'project', 'gold', '--json'], environment).text;
    expect(show({ DATAKIT_CI_URL: 'sqlite:x', DATAKIT_HOME: '/elsewhere' })).toBe(show({}));
  });

  test.each([
    ['{ "kind": "datakti" }', 'libs/bad/datakit.json: "kind" is "datakti". Write'],
    ['{ "kind": "datakit", "entry": "src/index.ts" }', 'libs/bad/datakit.json: "layer" is missing.'],
    ['{ "kind": "datakit", "layer": "gold", "entry": "../x.ts" }', 'libs/bad/datakit.json: "entry" is "../x.ts".'],
    ['{ "kind": ', 'libs/bad/datakit.json: it is not JSON: '],
  ])('datakit.json %s is DATAKIT_INVALID', (content, message) => {
    workspace.write('libs/bad/datakit.json', content);
    const { status, text } = workspace.nx(['run', 'bronze:deploy']);
    workspace.write('libs/bad/datakit.json', '{ "kind": "pipeline" }');
    expect(text.replaceAll(/\s+/g, ' ')).toContain(`DATAKIT_INVALID: ${message}`);
    expect(status).not.toBe(0);
  });

  test.each(unfitNodes())('on a Node that is too old nx says so in one line: %s %s', (node, flags) => {
    const { status, text } = workspace.nx(['run', 'bronze:deploy'], { NODE_OPTIONS: flags }, node);
    expect(text).toMatch(/^RUNTIME: datakits need Node 22\.18 or newer/m);
    expect(text).not.toMatch(/^ +at /m);
    expect(status).toBe(1);
  });

  /** This Node without type stripping, and where the system has an old one, that. */
  function unfitNodes(): [node: string, flags: string][] {
    const { stdout } = spawnSync('/usr/bin/node', ['--version'], { encoding: 'utf8' });
    const old: [string, string][] = /^v(1\d|20|21)\./.test(stdout ?? '') ? [['/usr/bin/node', '']] : [];
    return [[process.execPath, '--no-experimental-strip-types'], ...old];
  }
});
