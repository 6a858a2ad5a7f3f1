import { expect, test } from '@jest/globals';
import { describeWith, type Requirement } from '@datakit/framework/testing';
import { openLab } from '../harness/open-lab.ts';
import { killIngest } from './kill-ingest.ts';

const engines: readonly (readonly [string, readonly Requirement[]])[] = [
  ['PostgreSQL', ['postgres']],
  ['MariaDB', ['mariadb']],
  ['SQLite', ['sqlite3', 'strace']],
];

for (const [engine, needed] of engines) {
  describeWith(needed, `kill -9 of an incremental load that merges into ${engine}`, () => {
    test('keeps its promise at a few points of all', async () => {
      await using lab = await openLab({ engines: [engine], pointsPerSweep: 4, progress: () => undefined });
      const [result] = await killIngest.run(lab);
      expect(result?.violations).toEqual([]);
      expect(result?.points).toBeGreaterThanOrEqual(3);
    });
  });
}
