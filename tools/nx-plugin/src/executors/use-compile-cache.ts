import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

/**
 * Lets Node keep what it made of our sources between commands: stripping the types of some hundred files takes
 * longer than the rest of a small command (0.78 s of CPU without, 0.42 s with it).
 */
export function useCompileCache(workspaceRoot: string): void {
  enableCompileCache(join(workspaceRoot, 'node_modules', '.cache', 'datakit'));
}
