import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunReport } from '@datakit/framework';

/** The newest report below a home, or undefined where no run got that far. */
export function lastReport(home: string): RunReport | undefined {
  const runs = join(home, 'runs');
  if (!existsSync(runs)) return undefined;
  // Run ids are UUIDs of version 7: the greatest is the latest.
  const folders = readdirSync(runs, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const newest = folders
    .map(({ name }) => name)
    .sort()
    .at(-1);
  if (newest === undefined) return undefined;
  const [file] = readdirSync(join(runs, newest)).filter((name) => name.endsWith('.json'));
  return file === undefined ? undefined : (JSON.parse(readFileSync(join(runs, newest, file), 'utf8')) as RunReport);
}
