import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanUp, createTarget, defineDatakit, deploy, openTarget, type Datakit } from '@datakit/framework';
import { defineEntity, p } from '@mikro-orm/core';
import { median, type Measured } from './measure.ts';

const tablesInKit = 20;
const rounds = 5;
const budget = 5;

/** A datakit of its own for every round, so that none finds the template of another. */
function wideDatakit(round: number): Datakit {
  const columns = Object.fromEntries(
    Array.from({ length: 8 }, (_, column) => [
      `c${column}`,
      column < 2 ? p.text().nullable().index() : p.text().nullable(),
    ]),
  );
  const tables = Array.from({ length: tablesInKit }, (_, table) =>
    defineEntity({ name: `T${table}`, tableName: `t${table}`, properties: { id: p.integer().primary(), ...columns } }),
  );
  return defineDatakit({ name: `bench-template-${round}`, layer: 'bronze', tables });
}

/**
 * Deploys a datakit of twenty tables to two new databases of one running server: the first deployment makes the
 * template, the second copies it.
 */
export async function templateBench(): Promise<Measured> {
  const home = await mkdtemp(join(tmpdir(), 'datakit-bench-'));
  process.env['DATAKIT_HOME'] = home;
  try {
    // Holds the server between the rounds.
    await using _running = await openTarget('postgres_embedded');
    const seconds: (readonly [number, number])[] = [];
    for (let round = 0; round < rounds; round++) {
      const datakit = wideDatakit(round);
      seconds.push([await timedDeploy(datakit, `first_${round}`), await timedDeploy(datakit, `second_${round}`)]);
    }
    const [first, second] = [median(seconds.map(([one]) => one)), median(seconds.map(([, other]) => other))];
    const ratio = first / second;
    return {
      what: `disposable PostgreSQL, ${tablesInKit} tables, second deployment next to the first (budget ${budget} times as fast)`,
      held: ratio >= budget,
      figures: `ratio ${ratio.toFixed(1)} (${Math.round(first)} ms, ${Math.round(second)} ms)`,
    };
  } finally {
    delete process.env['DATAKIT_HOME'];
    await rm(home, { recursive: true, force: true });
  }
}

/** Milliseconds from a missing database to one with the datakit in it; connecting to a running server is in them. */
async function timedDeploy(datakit: Datakit, name: string): Promise<number> {
  await using database = await openTarget(createTarget({ type: 'postgres', embedded: true, database: name }));
  const begun = performance.now();
  const { applied, createdDatabase } = await deploy(datakit, database);
  const milliseconds = performance.now() - begun;
  if (!applied || !createdDatabase) throw new Error(`The deployment to ${name} did nothing`);
  await cleanUp(database);
  return milliseconds;
}
