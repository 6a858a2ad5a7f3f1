import { expect, test } from '@jest/globals';
import { describeWith, type Requirement } from '@datakit/framework/testing';
import { openLab } from '../harness/open-lab.ts';
import { whyNoSmallDisk } from '../harness/small-disk.ts';
import { fillDisk } from './fill-disk.ts';

const engines: readonly (readonly [string, readonly Requirement[]])[] = [
  ['PostgreSQL', ['postgres']],
  ['SQLite', ['sqlite3', 'strace']],
];
const why = whyNoSmallDisk();

for (const [engine, needed] of engines) {
  describeWith(needed, `a disk of ${engine} that is full`, () => {
    (why === undefined ? test : test.skip)(
      `refuses the load and keeps what was there${why ? ` [${why}]` : ''}`,
      async () => {
        await using lab = await openLab({ engines: [engine], pointsPerSweep: 2, progress: () => undefined });
        const [result] = await fillDisk.run(lab);
        expect(result).toMatchObject({ points: 2, violations: [] });
      },
    );
  });
}
