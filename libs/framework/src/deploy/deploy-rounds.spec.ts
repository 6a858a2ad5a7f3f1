import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mariadbDatabases, postgresDatabases } from '../engines/contract/places-contract.ts';
import { loadEngine } from '../engines/engine-registry.ts';
import type { Place } from '../engines/place.ts';
import { ledgerTableName } from '../ledger/ledger-tables.ts';
import { describeWith, runProgram, startMariaDB, startPostgres } from '../testing/index.ts';

const source = join(import.meta.dirname, '..');
const rounds = Number(process.env['DATAKIT_TEST_ROUNDS'] ?? 3);
const processes = 5;
const tablesInKit = 6;

/** Waits for the others, deploys, and prints what came of it. */
const program = `
  import { defineEntity, p } from '@mikro-orm/core';
  import { deployTo } from '${source}/deploy/deploy.ts';
  import { defineDatakit } from '${source}/model/datakit.ts';
  import { TargetDatabase } from '${source}/targets/target-database.ts';
  const tables = Array.from({ length: ${tablesInKit} }, (_, index) => defineEntity({ name: 'T' + index, tableName: 't' + index,
    properties: { id: p.integer().primary(), code: p.string().length(8).unique(), note: p.text().nullable().index() } }));
  const datakit = defineDatakit({ name: 'rounds', layer: 'bronze', tables });
  const where = { kind: 'place', place: JSON.parse(process.env.PLACE) };
  await using database = await TargetDatabase.open({ name: 'test', inMemory: false, where, workspaceRoot: '/', environment: {} });
  await new Promise((resolve) => setTimeout(resolve, Number(process.env.START_AT) - Date.now()));
  try {
    const { applied, plan } = await deployTo(datakit, database, { runId: 'run-' + process.pid, lockTimeout: 100 });
    console.log(applied ? 'applied ' + (plan.statements.length > 0) : 'nothing to do');
  } catch (error) {
    console.log(error.code + ' ' + error.message);
  }`;

async function deployInProcess(place: Place, startAt: number): Promise<string> {
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program];
  const env = { ...process.env, PLACE: JSON.stringify(place), START_AT: `${startAt}`, NODE_OPTIONS: '' };
  const { exitCode, stdout, stderr } = await runProgram(process.execPath, args, { cwd: source, env });
  return exitCode === 0 ? stdout.trim() : `exit ${exitCode}: ${stderr}`;
}

interface Databases {
  place(database: string): Place;
  /** What is on the server or in the folder, beside what the server brings. */
  listed(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** `DATAKIT_TEST_ROUNDS=50` runs as many rounds. */
function describeRounds(name: string, open: () => Promise<Databases>): void {
  describe(`${processes} deployments to ${name} at the same moment`, () => {
    let databases: Databases;
    beforeAll(async () => void (databases = await open()));
    afterAll(() => databases?.stop());

    it.each(Array.from({ length: rounds }, (_, index) => index + 1))(
      'are one that applies and four that find nothing to do, and leave nothing over (round %d)',
      async (round) => {
        const place = databases.place(`round_${round}`);
        const startAt = Date.now() + 1_000;
        const outcomes = await Promise.all(Array.from({ length: processes }, () => deployInProcess(place, startAt)));
        expect(outcomes.sort()).toEqual(['applied true', ...Array(processes - 1).fill('nothing to do')]);

        const engine = await loadEngine(place.engine);
        {
          await using session = await engine.connect(place);
          const ledger = engine.quoteTable(ledgerTableName('deployments', engine));
          const recorded = await session.query<{ count: unknown }>(`select count(*) as count from ${ledger}`);
          expect(Number(recorded[0]?.count)).toBe(1);
        }
        expect(await databases.listed()).toEqual([`round_${round}`]);
        await engine.dropDatabase(place);
        expect(await databases.listed()).toEqual([]);
      },
    );
  });
}

describeRounds('a SQLite file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'datakit-rounds-'));
  return {
    place: (database) => ({ engine: 'sqlite', file: join(folder, database) }),
    listed: async () => readdirSync(folder),
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  };
});

describeWith(['postgres'], 'as installed', () =>
  describeRounds('PostgreSQL', async () => {
    const server = await startPostgres();
    const { place, stop } = postgresDatabases(server);
    return { place, stop, listed: () => server.databases() };
  }),
);

describeWith(['mariadb'], 'as installed', () =>
  describeRounds('MariaDB', async () => {
    const server = await startMariaDB();
    const { place, stop } = mariadbDatabases(server);
    const own = `select schema_name from information_schema.schemata
      where schema_name not in ('information_schema', 'mysql', 'performance_schema', 'sys') order by 1`;
    return {
      place,
      stop,
      listed: async () => (await server.mariadb('mysql', own)).split('\n').filter(Boolean),
    };
  }),
);
