import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadEngine } from '../engines/engine-registry.ts';
import type { ContractServer } from '../engines/contract/contract-server.ts';
import { mariadbDatabases, mysqlDatabases, postgresDatabases } from '../engines/contract/places-contract.ts';
import type { Engine } from '../engines/engine.ts';
import { physicalName } from '../engines/physical-name.ts';
import type { Place } from '../engines/place.ts';
import { ledgerTableName } from '../ledger/ledger-tables.ts';
import { describeWith, machineMysql, startMariaDB, startPostgres } from '../testing/index.ts';

const source = join(import.meta.dirname, '..');
const tablesInKit = 60;

/** Deploys a wide datakit and prints what came of it; the line "open" comes before the first look at the database. */
const program = `
  import { defineEntity, p } from '@mikro-orm/core';
  import { deployTo } from '${source}/deploy/deploy.ts';
  import { defineDatakit } from '${source}/model/datakit.ts';
  import { TargetDatabase } from '${source}/targets/target-database.ts';
  const tables = Array.from({ length: ${tablesInKit} }, (_, index) => defineEntity({ name: 'T' + index, tableName: 't' + index,
    properties: { id: p.integer().primary(), ...Object.fromEntries(Array.from({ length: 8 }, (_, c) => ['c' + c, p.text().nullable().index()])) } }));
  const datakit = defineDatakit({ name: 'wide', layer: 'bronze', tables });
  const where = { kind: 'place', place: JSON.parse(process.env.PLACE) };
  await using database = await TargetDatabase.open({ name: 'test', inMemory: false, where, workspaceRoot: '/', environment: {} });
  process.stdout.write('open\\n');
  try {
    const { applied, createdDatabase } = await deployTo(datakit, database, { runId: 'run-' + process.pid, lockTimeout: 60 });
    process.stdout.write(JSON.stringify({ applied, createdDatabase }));
  } catch (error) {
    process.stdout.write(JSON.stringify({ code: error.code, message: error.message }));
  }`;

interface Outcome {
  readonly applied?: boolean;
  readonly createdDatabase?: boolean;
  readonly code?: string;
}

function start(place: Place): { child: ChildProcess; outcome: Promise<Outcome>; opened: Promise<void> } {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program],
    {
      cwd: source,
      env: { ...process.env, PLACE: JSON.stringify(place), NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let text = '';
  const opened = new Promise<void>((resolve) =>
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
      if (text.startsWith('open\n')) resolve();
    }),
  );
  const outcome = new Promise<Outcome>((resolve) =>
    child.once('close', () => resolve(JSON.parse(text.slice('open\n'.length) || '{}') as Outcome)),
  );
  return { child, opened, outcome };
}

interface Opened {
  placeOf(database: string): Place;
  stop(): Promise<void>;
}

const placesOf = ({ place, stop }: ContractServer): Opened => ({ placeOf: place, stop });

function describeProcesses(name: string, open: () => Promise<Opened>): void {
  describe(`deployments to ${name} in several processes`, () => {
    let opened: Opened;
    beforeAll(async () => void (opened = await open()));
    afterAll(() => opened?.stop());
    const placeOf = (database: string): Place => opened.placeOf(database);

    async function inDatabase<Row extends Record<string, unknown>>(
      place: Place,
      sqlOf: (engine: Engine) => string,
    ): Promise<Row[]> {
      const engine = await loadEngine(place.engine);
      if (!(await engine.databaseExists(place))) return [];
      await using session = await engine.connect(place);
      return await session.query<Row>(sqlOf(engine));
    }

    const tables = async (place: Place): Promise<number> => {
      const engine = await loadEngine(place.engine);
      if (!(await engine.databaseExists(place))) return 0;
      await using session = await engine.connect(place);
      const names = Array.from({ length: tablesInKit }, (_, index) =>
        physicalName({ schema: 'wide' }, `t${index}`, engine),
      );
      return (await engine.readTables(session, names)).length;
    };

    it('that start together are one deployment, and nobody fails', async () => {
      const place = placeOf('together');
      const outcomes = await Promise.all(Array.from({ length: 5 }, () => start(place).outcome));
      expect(outcomes.filter(({ code }) => code !== undefined)).toEqual([]);
      expect(outcomes.filter(({ applied }) => applied)).toHaveLength(1);
      expect(outcomes.filter(({ createdDatabase }) => createdDatabase)).toHaveLength(1);
      expect(await tables(place)).toBe(tablesInKit);
      expect(
        await inDatabase(
          place,
          (engine) => `select kind from ${engine.quoteTable(ledgerTableName('database', engine))}`,
        ),
      ).toEqual([{ kind: 'disposable' }]);
    });

    it.each([0, 15, 40, 80, 150, 300])(
      'that are killed after %d ms leave all tables or none, where the engine can, and the next one goes through',
      async (delayMs) => {
        const place = placeOf(`killed_${delayMs}`);
        const { child, opened, outcome } = start(place);
        await opened;
        await sleep(delayMs);
        child.kill('SIGKILL');
        await outcome;
        const { supportsTransactionalDdl } = await loadEngine(place.engine);
        if (supportsTransactionalDdl) expect([0, tablesInKit]).toContain(await tables(place));
        expect(await start(place).outcome).not.toHaveProperty('code');
        expect(await start(place).outcome).toMatchObject({ applied: false });
        expect(await tables(place)).toBe(tablesInKit);
      },
    );
  });
}

describeProcesses('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'datakit-processes-'));
  return {
    placeOf: (database) => ({ engine: 'sqlite', file: join(folder, `${database}.sqlite`) }),
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  };
});
describeProcesses('PostgreSQL', async () => placesOf(postgresDatabases(await startPostgres({ version: 'embedded' }))));
describeWith(['mariadb'], 'as installed', () => {
  describeProcesses('MariaDB', async () => placesOf(mariadbDatabases(await startMariaDB())));
});
describeWith(['mysql'], 'a server of the machine', () => {
  describeProcesses('MySQL', async () => placesOf(mysqlDatabases(machineMysql())));
});
