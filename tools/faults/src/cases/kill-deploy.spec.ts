import { expect, test } from '@jest/globals';
import { describeWith, type Requirement } from '@datakit/framework/testing';
import { openLab } from '../harness/open-lab.ts';
import { killDeploy } from './kill-deploy.ts';

const engines: readonly (readonly [string, readonly Requirement[]])[] = [
  ['PostgreSQL', ['postgres']],
  ['MariaDB', ['mariadb']],
  ['SQLite', ['sqlite3', 'strace']],
];

for (const [engine, needed] of engines) {
  describeWith(needed, `kill -9 of a deployment of 30 tables to ${engine}`, () => {
    test('keeps its promise at a few points of all', async () => {
      await using lab = await openLab({ engines: [engine], pointsPerSweep: 4, progress: () => undefined });
      const [result] = await killDeploy.run(lab);
      expect(result?.violations).toEqual([]);
      expect(result?.points).toBeGreaterThanOrEqual(3);
    });
  });
}
