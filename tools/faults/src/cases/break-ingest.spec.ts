import { expect, test } from '@jest/globals';
import { describeWith } from '@datakit/framework/testing';
import { openLab } from '../harness/open-lab.ts';
import { breakIngestBy } from './break-ingest.ts';

describeWith(['postgres', 'mariadb'], 'a connection that breaks during a load', () => {
  test('of the source or of the target costs a second attempt, and nothing else', async () => {
    await using lab = await openLab({
      engines: ['PostgreSQL', 'MariaDB'],
      pointsPerSweep: 2,
      progress: () => undefined,
    });
    const results = await breakIngestBy(['cut']).run(lab);
    expect(results.flatMap(({ violations }) => violations)).toEqual([]);
    expect(results.map(({ points }) => points)).toEqual([2, 2, 2, 2]);
  });

  test('by going silent is noticed, and its server told', async () => {
    await using lab = await openLab({
      engines: ['PostgreSQL', 'MariaDB'],
      pointsPerSweep: 1,
      progress: () => undefined,
    });
    const target = { source: 'PostgreSQL', target: 'MariaDB', broken: 'target' } as const;
    const results = await breakIngestBy(['stall'], [target]).run(lab);
    expect(results.flatMap(({ violations }) => violations)).toEqual([]);
  });

  test('because its server crashed waits until it is back, or says so', async () => {
    await using lab = await openLab({
      engines: ['PostgreSQL', 'MariaDB'],
      pointsPerSweep: 1,
      progress: () => undefined,
    });
    const target = { source: 'PostgreSQL', target: 'MariaDB', broken: 'target' } as const;
    const results = await breakIngestBy(['terminate', 'crash'], [target]).run(lab);
    expect(results.flatMap(({ violations }) => violations)).toEqual([]);
  });
});
