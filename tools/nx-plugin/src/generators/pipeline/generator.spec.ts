import { readJson, writeJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { heard } from '../../testing/heard.ts';
import createDatakit from '../datakit/generator.ts';
import generate from './generator.ts';

let tree: Tree;
beforeEach(async () => {
  tree = createTreeWithEmptyWorkspace();
  writeJson(tree, 'package.json', { name: '@acme/source' });
  for (const name of ['bronze-shop', 'silver-shop', 'bronze-web'])
    await createDatakit(tree, { name, skipInstall: true });
  const path = 'libs/silver-shop/package.json';
  const manifest = readJson(tree, path);
  writeJson(tree, path, { ...manifest, dependencies: { ...manifest.dependencies, '@acme/bronze-shop': '*' } });
});

const manifest = (): { dependencies: object; devDependencies: object } =>
  readJson(tree, 'apps/shop-pipeline/package.json');
const read = (path: string): string => tree.read(`apps/shop-pipeline/${path}`, 'utf8') ?? '';

describe('nx g @datakit/nx:pipeline', () => {
  it('takes every datakit that no other builds on', async () => {
    await generate(tree, { name: 'shop-pipeline', skipInstall: true });
    expect(readJson(tree, 'apps/shop-pipeline/datakit.json')).toMatchObject({ kind: 'pipeline' });
    expect(manifest()).toMatchObject({
      dependencies: { '@acme/bronze-web': '*', '@acme/silver-shop': '*' },
      devDependencies: { '@acme/bronze-shop': '*' },
    });
    expect(read('src/pipeline.spec.ts')).toContain('of [bronzeWeb, bronzeShop, silverShop]');
  });

  it('changes nothing the second time, and adds a datakit that is named', async () => {
    await generate(tree, { name: 'shop-pipeline', datakits: ['silver-shop'], skipInstall: true });
    tree.write('apps/shop-pipeline/src/index.ts', '// by hand');
    const before = read('package.json');
    using lines = heard();
    await generate(tree, { name: 'shop-pipeline', datakits: ['silver-shop'], skipInstall: true });
    await generate(tree, { name: 'shop-pipeline', skipInstall: true });
    expect([read('package.json'), read('src/index.ts'), lines.length]).toEqual([before, '// by hand', 2]);
    await generate(tree, { name: 'shop-pipeline', datakits: ['bronze-web'], skipInstall: true });
    expect(manifest().dependencies).toMatchObject({ '@acme/silver-shop': '*', '@acme/bronze-web': '*' });
    expect(read('src/index.ts')).toBe('// by hand');
  });

  it('asks pnpm for packages of the workspace as pnpm wants it', async () => {
    tree.write('pnpm-workspace.yaml', 'packages: []\n');
    await generate(tree, { name: 'shop-pipeline', datakits: ['bronze-web'], skipInstall: true });
    expect(manifest().dependencies).toMatchObject({ '@acme/bronze-web': 'workspace:*' });
  });

  it.each([
    [{ name: 'Shop' }, 'cannot be named'],
    [{ name: 'bronze-shop' }, 'is no pipeline'],
    [{ name: 'a', directory: '..' }, 'no folder of the workspace'],
    [{ name: 'a', datakits: ['silver-shpo'] }, 'silver-shop'],
  ])('%j is refused, and nothing is written', async (options, message) => {
    const before = tree.listChanges().length;
    await expect(generate(tree, options)).rejects.toThrow(
      expect.objectContaining({ message: expect.stringContaining(message) }),
    );
    expect(tree.listChanges()).toHaveLength(before);
  });
});
