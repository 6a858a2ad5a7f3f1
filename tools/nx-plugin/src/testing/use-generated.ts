import { join } from 'node:path';
import { expect } from '@jest/globals';
import { outputOf } from '@datakit/framework/testing';
import type { CommandResult, RealWorkspace } from './real-workspace.ts';

/** Shows what a command said where it failed. */
export function expectSuccess({ exitCode, output }: CommandResult): void {
  expect([exitCode, exitCode === 0 ? '' : output]).toEqual([0, '']);
}

/** The way from a source to a loaded datakit, without an edit. */
export async function useGenerated(workspace: RealWorkspace): Promise<void> {
  const generate = ['g', '@datakit/nx:datakit', 'bronze-shop', '--from=${SHOP_URL}', '--skipInstall'];
  expectSuccess(await workspace.nx(...generate));
  const before = workspace.files('libs');
  expectSuccess(await workspace.nx(...generate));
  expect(workspace.files('libs')).toEqual(before);
  expectSuccess(await workspace.nx('run-many', '-t', 'lint,typecheck,test', '-p', 'bronze-shop'));
  expectSuccess(await workspace.nx('run', 'bronze-shop:ingest'));
  expectSuccess(await workspace.nx('run', 'bronze-shop:validate'));
}

/** Asks the default database target of the workspace. */
export function loaded(workspace: RealWorkspace, sql: string): Promise<string> {
  return outputOf('sqlite3', [join(workspace.root, '.datakit', 'datakit.sqlite'), sql]);
}
