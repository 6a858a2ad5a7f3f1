import { expect } from '@jest/globals';
import type { CommandResult } from './workspace.ts';

/** Expects exit 0; a failure shows what the command printed. */
export function expectSuccess({ exitCode, output }: CommandResult): void {
  expect(exitCode === 0 ? 'success' : `exit ${exitCode}: ${output}`).toBe('success');
}
