import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { operations, optionsOf } from '../runs/operation-options.ts';

const framework = join(import.meta.dirname, '..', '..');
const root = mkdtempSync(join(tmpdir(), 'datakit-cli-'));

beforeAll(() => {
  // Everything that is installed for the framework is installed here, too.
  const installed = join(framework, '..', '..', 'node_modules');
  mkdirSync(join(root, 'node_modules', '@datakit'), { recursive: true });
  symlinkSync(join(installed, '@mikro-orm'), join(root, 'node_modules', '@mikro-orm'));
  symlinkSync(framework, join(root, 'node_modules', '@datakit', 'framework'));
  const targets = { staging: { type: 'sqlite', database: 'staging.sqlite' } };
  write('nx.json', {
    plugins: ['other', { plugin: '@datakit/nx/plugin', options: { targets, defaultTarget: 'staging' } }],
  });
  addDatakit('lower', []);
  addDatakit('upper', ['lower']);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, content: object | string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
}

function addDatakit(name: string, dependencies: readonly string[]): void {
  const versions = Object.fromEntries(dependencies.map((dependency) => [dependency, '*']));
  write(`libs/${name}/package.json`, {
    name,
    type: 'module',
    dependencies: { '@datakit/framework': '*', ...versions },
  });
  write(`libs/${name}/datakit.json`, { kind: 'datakit', layer: 'bronze', entry: 'index.ts' });
  write(
    `libs/${name}/index.ts`,
    `import { bronzeMetadata, defineDatakit } from '@datakit/framework';
import { defineEntity, p } from '@mikro-orm/core';
export const Thing = defineEntity({ name: 'Thing', tableName: 'thing', properties: { id: p.integer().primary(), ...bronzeMetadata } });
export default defineDatakit({ name: '${name}', layer: 'bronze', tables: [Thing] });
`,
  );
  symlinkSync(join(root, 'libs', name), join(root, 'node_modules', name));
}

function datakit(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(framework, 'bin', 'datakit.js'), ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], DATAKIT_HOME: join(root, 'home') },
  });
  return { status, stdout, stderr };
}

test.each([
  ['OPTION_INVALID: There is no command "deplyo".', 'deplyo'],
  ['OPTION_INVALID: The command has to come first.', '--plan', 'deploy'],
  ['OPTION_INVALID: deploy needs the folder of a datakit.', 'deploy'],
  ['OPTION_INVALID: --host needs a value.', 'deploy', 'libs/lower', '--host', '--plan'],
  ['OPTION_INVALID: --target needs one name.', 'deploy', 'libs/lower', '--target'],
  ['OPTION_INVALID: Two targets at once: ', 'deploy', 'libs/lower', '--target=staging', '--url=sqlite:x'],
  ['OPTION_INVALID: targets takes no folders', 'targets', 'libs/lower'],
  ['OPTION_UNKNOWN: deploy has no option --plna.', 'deploy', 'libs/lower', '--plna'],
  ['OPTION_UNKNOWN: deploy has no option --toString.', 'deploy', 'libs/lower', '--toString'],
  ['TARGET_UNKNOWN: There is no database target "stagin".', 'deploy', 'libs/lower', '--target', 'stagin'],
  ['SECRET_IN_ARGS: ', 'deploy', 'libs/lower', '--url=postgresql://u:hunter2@db/x'],
  ['SECRET_IN_ARGS: ', 'ingest', 'libs/lower', '--password', 'hunter2'],
])('%s', (message, ...args) => {
  const { status, stdout, stderr } = datakit(...args);
  expect(stderr.startsWith(message)).toBe(true);
  expect(stderr).not.toContain('hunter2');
  expect([status, stdout]).toEqual([1, '']);
});

test('without a command it shows the help and fails; --help and --version succeed', () => {
  const help = datakit('--help');
  expect(datakit()).toEqual({ ...help, status: 1 });
  expect(help.status).toBe(0);
  for (const operation of operations) expect(help.stdout).toContain(`\n  ${operation} `);
  expect(datakit('--version')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^@datakit\/framework \d/) });
});

test.each(operations)('the help of %s has every option', (operation) => {
  const { status, stdout } = datakit(operation, '--help');
  expect(status).toBe(0);
  for (const [name] of optionsOf(operation)) expect(stdout).toContain(`\n  --${name}`);
});

test('deploys several datakits, those first that others build on, to the default target of nx.json', () => {
  const { status, stdout, stderr } = datakit(
    'deploy',
    'libs/upper',
    'libs/lower/datakit.json',
    '--validate',
    '--lock-timeout=5',
  );
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/Deployed lower to staging [^]*Deployed upper to staging /);
  const [run] = readdirSync(join(root, 'home', 'runs')).filter((name) => name !== 'latest.json');
  const report = JSON.parse(readFileSync(join(root, 'home', 'runs', run as string, 'upper.deploy.json'), 'utf8'));
  expect(report).toMatchObject({ project: 'upper', operation: 'deploy', target: 'staging', status: 'succeeded' });
});

test('what builds on a failed datakit is skipped, and the exit code says so', () => {
  write('libs/lower/datakit.json', { kind: 'datakit', layer: 'gold', entry: 'index.ts' });
  const { status, stdout } = datakit('deploy', 'libs/upper', 'libs/lower');
  write('libs/lower/datakit.json', { kind: 'datakit', layer: 'bronze', entry: 'index.ts' });
  expect(stdout).toMatch(/DATAKIT_INVALID: [^]*upper: skipped, because lower did not succeed\./);
  expect(status).toBe(1);
});

test.each(unfitNodes())('on a Node that is too old it says so in one line: %s %s', (node, ...flags) => {
  const script = join(framework, 'bin', 'datakit.js');
  const { status, stderr } = spawnSync(node as string, [...flags, script, 'targets'], { encoding: 'utf8' });
  expect(stderr).toMatch(/^RUNTIME: datakits need Node 22\.18 or newer[^\n]*\n$/);
  expect(status).toBe(1);
});

/** This Node without type stripping, and where the system has an old one, that. */
function unfitNodes(): string[][] {
  const { stdout } = spawnSync('/usr/bin/node', ['--version'], { encoding: 'utf8' });
  const old = /^v(1\d|20|21)\./.test(stdout ?? '') ? [['/usr/bin/node']] : [];
  return [[process.execPath, '--no-experimental-strip-types'], ...old];
}
