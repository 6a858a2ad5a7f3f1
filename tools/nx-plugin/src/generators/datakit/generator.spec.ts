import { addProjectConfiguration, readJson, writeJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { heard } from '../../testing/heard.ts';
import generate from './generator.ts';

let tree: Tree;
beforeEach(() => {
  tree = createTreeWithEmptyWorkspace();
});

const read = (path: string): string => tree.read(path, 'utf8') ?? '';
const changes = (): string[] => tree.listChanges().map(({ path, type }) => `${type} ${path}`);

describe('nx g @datakit/nx:datakit', () => {
  it('creates a project with an entity, a test and a README', async () => {
    await generate(tree, { name: 'bronze-orders', skipInstall: true });
    expect(changes().filter((change) => change.includes('libs/'))).toEqual([
      'CREATE libs/bronze-orders/datakit.json',
      'CREATE libs/bronze-orders/package.json',
      'CREATE libs/bronze-orders/project.json',
      'CREATE libs/bronze-orders/tsconfig.json',
      'CREATE libs/bronze-orders/README.md',
      'CREATE libs/bronze-orders/src/deploy.spec.ts',
      'CREATE libs/bronze-orders/src/index.ts',
      'CREATE libs/bronze-orders/src/orders.ts',
    ]);
    expect(readJson(tree, 'libs/bronze-orders/datakit.json')).toMatchObject({ kind: 'datakit', layer: 'bronze' });
    expect(read('libs/bronze-orders/src/orders.ts')).toContain('...bronzeMetadata');
  });

  it('changes nothing the second time, also where somebody went on from it', async () => {
    await generate(tree, { name: 'gold-sales', skipInstall: true });
    tree.write('libs/gold-sales/src/sales.ts', '// by hand');
    tree.delete('libs/gold-sales/README.md');
    const before = changes();
    using lines = heard();
    expect(await generate(tree, { name: 'gold-sales' })).toBeUndefined();
    expect([...lines]).toEqual(['gold-sales is in libs/gold-sales already; nothing to do.']);
    expect([changes(), read('libs/gold-sales/src/sales.ts')]).toEqual([before, '// by hand']);
  });

  it('uses the test runner and the scope of the workspace', async () => {
    writeJson(tree, 'package.json', { name: '@acme/source', devDependencies: { vitest: '4' } });
    await generate(tree, { name: 'silver-orders', directory: './packages/silver/', skipInstall: true });
    expect(readJson(tree, 'packages/silver/package.json').name).toBe('@acme/silver-orders');
    expect(read('packages/silver/src/deploy.spec.ts')).toContain(`from 'vitest'`);
    expect(readJson(tree, 'packages/silver/project.json').targets.test.command).toBe(
      'vitest run --dir packages/silver',
    );
  });

  it('takes what targetDefaults say over commands of its own', async () => {
    writeJson(tree, 'nx.json', { targetDefaults: { test: { command: 'x' }, lint: { executor: 'y' }, build: {} } });
    await generate(tree, { name: 'bronze-orders', skipInstall: true });
    expect(readJson(tree, 'libs/bronze-orders/project.json').targets).toEqual({
      lint: {},
      typecheck: { command: 'tsc --noEmit -p libs/bronze-orders/tsconfig.json' },
      test: {},
    });
  });

  it.each([
    [{ name: 'bronze_orders' }, 'lower-case letters and digits'],
    [{ name: 'Bronze-orders' }, 'lower-case letters and digits'],
    [{ name: 'bronze-' }, 'lower-case letters and digits'],
    [{ name: '' }, 'lower-case letters and digits'],
    [{ name: '../bronze-orders' }, 'lower-case letters and digits'],
    [{ name: 'orders' }, '--layer=bronze'],
    [{ name: 'bronze-orders', layer: 'copper' }, 'bronze, silver, gold'],
    [{ name: 'bronze-orders', directory: '../elsewhere' }, 'from the root of the workspace'],
    [{ name: 'bronze-orders', directory: 'docs' }, 'docs is there already'],
    [{ name: 'bronze-taken' }, 'apps/taken is there already'],
    [{ name: 'bronze-taken', directory: 'libs/other' }, 'There is a project "bronze-taken" in apps/taken'],
  ])('%j is refused before anything is written', async (options, message) => {
    tree.write('docs/page.md', '');
    addProjectConfiguration(tree, 'bronze-taken', { root: 'apps/taken' });
    const before = changes();
    await expect(generate(tree, options)).rejects.toThrow(
      expect.objectContaining({ message: expect.stringContaining(message) }),
    );
    expect(changes()).toEqual(before);
  });
});
