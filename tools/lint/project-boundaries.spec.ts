import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runProgram } from '@datakit/framework/testing';

const repository = join(import.meta.dirname, '../..');
const layers = ['bronze', 'silver', 'gold'] as const;

/** A workspace of three datakits with the plugin, whose lint has the list of the boundaries and nothing else. */
describe('the boundaries between projects', () => {
  const root = mkdtempSync(join(tmpdir(), 'datakit-boundaries-'));
  const write = (path: string, content: object | string): void => {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  };

  beforeAll(() => {
    const installed = join(repository, 'node_modules');
    mkdirSync(join(root, 'node_modules/@datakit'), { recursive: true });
    for (const name of readdirSync(installed)) {
      if (name !== '@datakit') symlinkSync(join(installed, name), join(root, 'node_modules', name));
    }
    for (const name of ['framework', 'nx']) {
      symlinkSync(join(installed, '@datakit', name), join(root, 'node_modules/@datakit', name));
    }
    cpSync(join(import.meta.dirname, 'project-boundaries.mjs'), join(root, 'project-boundaries.mjs'));
    write('package.json', { name: 'boundaries', private: true, type: 'module', workspaces: ['libs/*'] });
    write('nx.json', {
      ...{ analytics: false, neverConnectToCloud: true, tui: { enabled: false } },
      plugins: [{ plugin: '@datakit/nx/plugin', options: {} }],
    });
    write('tsconfig.base.json', { compilerOptions: { module: 'nodenext', moduleResolution: 'nodenext' } });
    write(
      'eslint.config.mjs',
      `import nx from '@nx/eslint-plugin';
import { projectBoundaries } from './project-boundaries.mjs';
export default [{ files: ['**/*.js'], plugins: { '@nx': nx },
  rules: { '@nx/enforce-module-boundaries': ['error', { allow: [], depConstraints: projectBoundaries }] } }];
`,
    );
    for (const layer of layers) {
      write(`libs/${layer}/package.json`, {
        name: layer,
        version: '0.0.0',
        type: 'module',
        exports: './index.js',
      });
      write(`libs/${layer}/datakit.json`, { kind: 'datakit', layer, entry: 'index.js' });
      symlinkSync(join(root, 'libs', layer), join(root, 'node_modules', layer));
      write(`libs/${layer}/index.js`, 'export default {};\n');
    }
    // The rule reads the graph that Nx made last.
    execFileSync(process.execPath, [join(installed, 'nx/dist/bin/nx.js'), 'show', 'projects'], {
      cwd: root,
      env: environment(),
    });
    // Made afterwards: together they would be a circle, which is refused whatever the layers.
    for (const layer of layers) {
      for (const other of layers.filter((each) => each !== layer)) {
        write(`libs/${layer}/from-${other}.js`, `import '${other}';\n`);
      }
    }
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  function environment(): NodeJS.ProcessEnv {
    const foreign = /^(NX_|DATAKIT_|JEST_|NODE_OPTIONS|FORCE_COLOR|CI$)/;
    const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
    return { ...Object.fromEntries(kept), NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false', NX_NO_CLOUD: 'true' };
  }

  test('let a layer import the one below, and refuse everything else between layers', async () => {
    const eslint = join(repository, 'node_modules/eslint/bin/eslint.js');
    const { stdout, stderr } = await runProgram(process.execPath, [eslint, '--format=json', 'libs'], {
      cwd: root,
      env: environment(),
    });
    const results = JSON.parse(stdout || `"${stderr}"`) as {
      filePath: string;
      messages: { ruleId: string; message: string }[];
    }[];
    const refused = results.filter(({ messages }) =>
      messages.some(
        ({ ruleId, message }) => ruleId === '@nx/enforce-module-boundaries' && message.includes('tagged with "layer:'),
      ),
    );
    expect(refused.map(({ filePath }) => filePath.slice(join(root, 'libs').length + 1)).toSorted()).toEqual([
      'bronze/from-gold.js',
      'bronze/from-silver.js',
      'gold/from-bronze.js',
      'silver/from-gold.js',
    ]);
  });
});
