import { readJson, writeJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { heard } from '../../testing/heard.ts';
import generate from './generator.ts';

let tree: Tree;
let lines: ReturnType<typeof heard>;
beforeEach(() => {
  tree = createTreeWithEmptyWorkspace();
  lines = heard();
});
afterEach(() => lines[Symbol.dispose]());

const read = (path: string): string => tree.read(path, 'utf8') ?? '';
const init = (): Promise<unknown> => generate(tree, { skipInstall: true });
const everything = (): Record<string, string> =>
  Object.fromEntries(tree.listChanges().map(({ path }) => [path, read(path)]));

describe('nx g @datakit/nx:init', () => {
  it('adds what datakits need to a workspace', async () => {
    tree.write('.gitignore', 'node_modules\n.env');
    await init();
    expect(readJson(tree, 'nx.json').plugins).toEqual([
      { plugin: '@datakit/nx/plugin', options: { defaultTarget: 'sqlite_file', targets: {} } },
    ]);
    expect(readJson(tree, 'package.json')).toMatchObject({
      workspaces: ['libs/*', 'apps/*'],
      dependencies: { '@mikro-orm/core': '7.2.1', '@datakit/framework': expect.any(String) },
    });
    expect(read('.gitignore')).toBe('node_modules\n.env\n.datakit/\n.env.*\n!.env.example\n');
    expect(read('.github/workflows/datakits.yml')).toContain('npx nx affected -t deploy,validate -c sqlite_memory');
    expect(lines.join('\n')).toContain("{ sourceTag: 'layer:gold', notDependOnLibsWithTags: ['layer:bronze'] }");
  });

  it('changes nothing the second time', async () => {
    tree.write('eslint.config.mjs', `export default [{ rules: { x: ['error', { depConstraints: [] }] } }];\n`);
    await init();
    const before = everything();
    await init();
    expect(everything()).toEqual(before);
  });

  it('keeps what somebody chose', async () => {
    writeJson(tree, 'nx.json', { plugins: ['a', { plugin: '@datakit/nx/plugin', options: { defaultTarget: 'ci' } }] });
    writeJson(tree, 'package.json', {
      workspaces: { packages: ['packages/*'] },
      devDependencies: { typescript: '5.8.2' },
    });
    tree.write('packages/x/package.json', '{}');
    tree.write('.gitlab-ci.yml', 'x: {}\n');
    const nxJson = read('nx.json');
    await init();
    expect(read('nx.json')).toBe(nxJson);
    expect(readJson(tree, 'package.json')).toMatchObject({
      workspaces: { packages: ['packages/*'] },
      devDependencies: { typescript: '5.8.2' },
    });
    expect([tree.exists('.github/workflows/datakits.yml'), tree.exists('.gitlab/datakits.yml')]).toEqual([false, true]);
    expect(lines.join('\n')).toContain("include: [{ local: '.gitlab/datakits.yml' }]");
  });

  it('adds the folders that pnpm links to those that it links already', async () => {
    tree.write('pnpm-workspace.yaml', `packages:\n  - 'tools/*'\nonlyBuiltDependencies: [nx]\n`);
    await init();
    expect(read('pnpm-workspace.yaml')).toBe(
      `packages:\n  - 'libs/*'\n  - 'apps/*'\n  - 'tools/*'\nonlyBuiltDependencies: [nx]\n`,
    );
    expect(readJson(tree, 'package.json')).not.toHaveProperty('workspaces');
    expect(read('.github/workflows/datakits.yml')).toContain('pnpm exec nx affected');
  });

  it('keeps layers in order where the workspace keeps tags in order', async () => {
    tree.write(
      'eslint.config.mjs',
      `export default [
  { rules: { '@nx/enforce-module-boundaries': ['error', { depConstraints: [{ sourceTag: '*', onlyDependOnLibsWithTags: ['*'] }] }] } },
];
`,
    );
    await init();
    const { default: config } = await import(`data:text/javascript,${encodeURIComponent(read('eslint.config.mjs'))}`);
    expect(config[0].rules['@nx/enforce-module-boundaries'][1].depConstraints).toEqual([
      { sourceTag: '*', onlyDependOnLibsWithTags: ['*'] },
      { sourceTag: 'layer:bronze', notDependOnLibsWithTags: ['layer:silver', 'layer:gold'] },
      { sourceTag: 'layer:silver', notDependOnLibsWithTags: ['layer:gold'] },
      { sourceTag: 'layer:gold', notDependOnLibsWithTags: ['layer:bronze'] },
    ]);
  });
});
