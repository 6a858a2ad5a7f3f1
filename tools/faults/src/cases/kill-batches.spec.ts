import { expect, test } from '@jest/globals';
import { describeWith, type Requirement } from '@datakit/framework/testing';
import { openLab } from '../harness/open-lab.ts';
import { killBatches } from './kill-batches.ts';

const engines: readonly (readonly [string, readonly Requirement[]])[] = [['SQLite', ['sqlite3', 'strace']]];

for (const [engine, needed] of engines) {
  describeWith(needed, `kill -9 of an incremental load in batches into ${engine}`, () => {
    test('keeps its promise at a few points of all', async () => {
      await using lab = await openLab({ engines: [engine], pointsPerSweep: 4, progress: () => undefined });
      const [result] = await killBatches.run(lab);
      expect(result?.violations).toEqual([]);
      expect(result?.points).toBeGreaterThanOrEqual(3);
    });
  });
}
