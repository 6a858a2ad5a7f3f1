import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ESLint } from 'eslint';
import { frameworkRooms } from './framework-rooms.mjs';

const workspaceRoot = join(import.meta.dirname, '../..');
// The boundaries between projects need Nx's project graph; the rooms do not.
const withoutGraph = { rules: { '@nx/enforce-module-boundaries': 'off' } } as const;
const eslint = new ESLint({ cwd: workspaceRoot, overrideConfig: withoutGraph });

/** Rule names that the workspace's own configuration reports for a text in place of one of its files. */
async function rulesBrokenBy(text: string, file: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath: join(workspaceRoot, 'libs/framework/src', file) });
  return (result?.messages ?? []).map((message) => message.ruleId ?? message.message);
}

describe('the rooms of the framework', () => {
  test.each([
    ['a value from a higher room', `export * from '../runs/run-request.ts';`],
    ['a type from a higher room', `export type { RunRequest } from '../runs/run-request.ts';`],
    ['a higher room, when it is needed', `export const later = () => import('../runs/run-request.ts');`],
    ['a file at the top', `export * from '../options.ts';`],
  ])('refuse %s', async (_, text) => {
    expect(await rulesBrokenBy(text, 'errors/error-codes.ts')).toEqual(['import-x/no-restricted-paths']);
  });

  test('refuse a peer', async () => {
    const text = `export * from '../report/output.ts';`;
    expect(await rulesBrokenBy(text, 'model/table.ts')).toEqual(['import-x/no-restricted-paths']);
  });

  test('let a room import itself and lower levels', async () => {
    const text = `export * from '../errors/error-codes.ts';\nexport * from './run-request.ts';`;
    expect(await rulesBrokenBy(text, 'runs/check-options.ts')).toEqual([]);
  });

  test('refuse a driver below the engines, also as a type or on demand', async () => {
    const text = `import type { Pool } from 'pg';\nexport type P = Pool;\nexport const load = () => import('pg');`;
    expect(await rulesBrokenBy(text, 'report/output.ts')).toEqual([
      '@typescript-eslint/no-restricted-imports',
      'no-restricted-syntax',
    ]);
  });

  test('refuse a driver above the engines unless it is loaded on demand', async () => {
    const early = `import pg from 'pg';\nexport default pg;`;
    const later = `import type { Pool } from 'pg';\nexport type P = Pool;\nexport const load = () => import('pg');`;
    expect(await rulesBrokenBy(early, 'runs/check-options.ts')).toEqual(['@typescript-eslint/no-restricted-imports']);
    expect(await rulesBrokenBy(later, 'runs/check-options.ts')).toEqual([]);
  });

  test('refuse Nx', async () => {
    const text = `export { readJsonFile } from '@nx/devkit';`;
    expect(await rulesBrokenBy(text, 'runs/check-options.ts')).toContain('@typescript-eslint/no-restricted-imports');
  });

  test('are all listed', () => {
    const found = readdirSync(join(workspaceRoot, 'libs/framework/src')).filter((name) => !name.endsWith('.json'));
    expect(frameworkRooms.map(({ room }) => room)).toEqual(expect.arrayContaining(found));
  });
});
