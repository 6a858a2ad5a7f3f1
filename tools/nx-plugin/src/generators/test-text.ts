import { readJson, type Tree } from '@nx/devkit';

/** What runs the tests of a workspace; Node's own runner where it has none. */
export type TestRunner = 'jest' | 'vitest' | 'node';

export function findTestRunner(tree: Tree): TestRunner {
  const { dependencies, devDependencies } = readJson<Record<string, Record<string, string> | undefined>>(
    tree,
    'package.json',
  );
  const installed = { ...dependencies, ...devDependencies };
  return 'jest' in installed ? 'jest' : 'vitest' in installed ? 'vitest' : 'node';
}

/** The command of the `test` target, where `targetDefaults` of the workspace do not have it. */
export function testCommand(runner: TestRunner, root: string): string {
  switch (runner) {
    case 'jest':
      return `node --experimental-vm-modules node_modules/jest/bin/jest.js ${root}/`;
    case 'vitest':
      return `vitest run --dir ${root}`;
    case 'node':
      return `node --test "${root}/src/**/*.spec.ts"`;
  }
}

/** The test of a new datakit. */
export function testText(runner: TestRunner): string {
  const [imports, assertion] = {
    jest: [`import { expect, test } from '@jest/globals';`, 'expect(findings).toEqual([]);'],
    vitest: [`import { expect, test } from 'vitest';`, 'expect(findings).toEqual([]);'],
    node: [
      `import assert from 'node:assert/strict';\nimport { test } from 'node:test';`,
      'assert.deepEqual(findings, []);',
    ],
  }[runner];
  return `${imports}
import { ciTarget, deploy, openTarget, validate } from '@datakit/framework';
import datakit from './index.ts';

test('its tables can be deployed, and are then as declared', async () => {
  await using database = await openTarget(ciTarget());
  await deploy(datakit, database);
  const { findings } = await validate(datakit, database, { checks: ['structure'] });
  ${assertion}
});
`;
}
