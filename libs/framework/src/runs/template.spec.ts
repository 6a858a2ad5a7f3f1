import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { defineEntity } from '@mikro-orm/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cleanUpRun } from '../deploy/clean-up.ts';
import { deployTo, type DeployResult } from '../deploy/deploy.ts';
import { FilmWithoutLength, id, onlyFilm, shop } from '../deploy/stage-contract.ts';
import { datakitOf } from '../engines/contract/contract-fixture.ts';
import { loadEngine } from '../engines/engine-registry.ts';
import type { Place } from '../engines/place.ts';
import type { Session } from '../engines/session.ts';
import type { Datakit } from '../model/datakit.ts';
import { TargetDatabase } from '../targets/target-database.ts';
import type { ResolvedTarget } from '../targets/resolve-target.ts';
import { validateTarget } from '../validate/validate.ts';
import { pruneDatabases } from './prune-databases.ts';

const source = join(import.meta.dirname, '..');

const killedProgram = `
  import { deployTo } from '${source}/deploy/deploy.ts';
  import { TargetDatabase } from '${source}/targets/target-database.ts';
  import { defineDatakit } from '${source}/model/datakit.ts';
  import { defineEntity, p } from '@mikro-orm/core';
  const tables = Array.from({ length: 30 }, (_, i) => defineEntity({ name: 'T' + i, tableName: 't' + i, properties: { id: p.integer().primary() } }));
  const where = JSON.parse(process.env.WHERE);
  await using database = await TargetDatabase.open({ name: 'test', inMemory: false, where, workspaceRoot: '/', environment: {} });
  process.stdout.write('open');
  await deployTo(defineDatakit({ name: 'wide', layer: 'bronze', tables }), database, { runId: 'killed run' });`;

describe('a disposable database on a server of ours', () => {
  const home = mkdtempSync(join(tmpdir(), 'datakit-template-'));
  let server: TargetDatabase;
  let catalogue: Session;

  const whereOf = (database: string): ResolvedTarget['where'] => ({ kind: 'embedded', home, database });
  const open = (database: string): Promise<TargetDatabase> =>
    TargetDatabase.open({
      name: 'test',
      inMemory: false,
      where: whereOf(database),
      workspaceRoot: '/',
      environment: {},
    });

  beforeAll(async () => {
    server = await open('postgres');
    catalogue = await (await loadEngine('postgres')).connect(server.place);
  });
  afterAll(async () => {
    await catalogue?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
    rmSync(home, { recursive: true, force: true });
  });

  async function deploy(database: string, datakit: Datakit = shop, runId = `run ${database}`): Promise<DeployResult> {
    await using opened = await open(database);
    return await deployTo(datakit, opened, { runId });
  }

  async function inDatabase<Result>(
    database: string,
    work: (session: Session, opened: TargetDatabase) => Promise<Result>,
  ): Promise<Result> {
    await using opened = await open(database);
    return await work(await opened.connect(), opened);
  }

  const templates = async (): Promise<string[]> =>
    (
      await catalogue.query<{ name: string }>(
        `select datname as name from pg_database where datname ~ '^datakit_' order by oid`,
      )
    ).map(({ name }) => name);

  /** Every text in the bookkeeping of a database. */
  const books = (database: string): Promise<string> =>
    inDatabase(database, async (session) => {
      const tables = ['database', 'deployments', 'statements', 'objects', 'loads'];
      const rows: unknown[] = [];
      for (const table of tables) rows.push(await session.query(`select * from _datakit.${table}`));
      return JSON.stringify(rows);
    });

  it('is a copy of the one before, and bears no trace of it', async () => {
    const first = await deploy('first');
    expect(await templates()).toEqual([expect.stringMatching(/^datakit_template_[0-9a-f]{16}$/)]);
    for (const database of ['second', 'third']) {
      const copied = await deploy(database);
      expect(copied).toMatchObject({ applied: true, createdDatabase: true, isProtected: false });
      expect(copied.plan.statements).toEqual(first.plan.statements);
      expect(copied.plan.newTables).toEqual(first.plan.newTables);
      expect(await books(database)).not.toMatch(/run (?!second|third)/);
      expect(await inDatabase(database, (_, opened) => validateTarget(shop, opened))).toMatchObject({ findings: [] });
      expect(await deploy(database)).toMatchObject({ applied: false, createdDatabase: false });
    }
    const ids = await Promise.all(
      ['first', 'second', 'third'].map((database) =>
        inDatabase(database, (session) =>
          session.query<{ id: string }>('select deployment_id::text as id from _datakit.deployments'),
        ),
      ),
    );
    expect(new Set(ids.flat().map(({ id: each }) => each)).size).toBe(3);
  });

  it('takes the copy that waits, as soon as one does', async () => {
    await deploy('before');
    let spare: string | undefined;
    for (let wait = 0; spare === undefined && wait < 200; wait++) {
      await sleep(50);
      spare = (await templates()).find((name) => name.includes('_spare_'));
    }
    const oid = (name: string): Promise<unknown> =>
      catalogue.query('select oid from pg_database where datname = ?', [name]);
    const waiting = await oid(spare as string);
    await deploy('after');
    expect(await oid('after')).toEqual(waiting);
    expect(await books('after')).not.toMatch(/run (?!after)/);
  });

  it('is cleaned up as any other, with all that its run made', async () => {
    await deploy('cleaned');
    await using opened = await open('cleaned');
    expect(await cleanUpRun(opened, 'run cleaned')).toEqual({ droppedDatabase: true, droppedTables: [] });
  });

  it('is made anew when the datakit is another, and not where somebody else has the server', async () => {
    const changed = datakitOf([FilmWithoutLength], 'shop');
    expect(await deploy('changed', onlyFilm)).toMatchObject({ applied: true });
    expect(await deploy('changed_again', changed)).toMatchObject({ applied: true });
    const columns = `select column_name as name from information_schema.columns where table_schema = 'shop' order by 1`;
    expect(await inDatabase('changed_again', (session) => session.query(columns))).toEqual([
      { name: 'id' },
      { name: 'title' },
    ]);
    const before = await templates();
    const where = { kind: 'place', place: { ...server.place, database: 'elsewhere' } as Place } as const;
    await using elsewhere = await TargetDatabase.open({
      name: 'test',
      inMemory: false,
      where,
      workspaceRoot: '/',
      environment: {},
    });
    const Other = defineEntity({ name: 'Other', tableName: 'other', properties: id });
    await deployTo(datakitOf([Other], 'other'), elsewhere, { runId: 'run' });
    expect((await templates()).filter((name) => !name.includes('_spare_'))).toEqual(
      before.filter((name) => !name.includes('_spare_')),
    );
  });

  it('is made once by several at a time, each by its own run', async () => {
    const Other = defineEntity({ name: 'Many', tableName: 'many', properties: id });
    const kit = datakitOf([Other], 'many');
    const names = ['a', 'b', 'c', 'shared', 'shared', 'shared'];
    const results = await Promise.all(names.map((name, index) => deploy(name, kit, `run ${index}`)));
    expect(results.slice(0, 3).every(({ createdDatabase }) => createdDatabase)).toBe(true);
    expect(results.slice(3).filter(({ createdDatabase }) => createdDatabase)).toHaveLength(1);
    expect(await catalogue.query(`select datname from pg_database where starts_with(datname, 'datakit_new_')`)).toEqual(
      [],
    );
  });

  it.each([0, 150, 600])('survives a kill after %d ms, and nothing is left after pruning', async (delayMs) => {
    const database = `killed_${delayMs}`;
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', killedProgram],
      {
        cwd: source,
        env: { ...process.env, WHERE: JSON.stringify(whereOf(database)), NODE_OPTIONS: '' },
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await sleep(delayMs);
    child.kill('SIGKILL');
    await ended;
    await deploy(database);
    expect(await inDatabase(database, (_, opened) => validateTarget(shop, opened))).toMatchObject({ findings: [] });
    const settings = { workspaceRoot: home, targets: { pruned: { type: 'postgres', embedded: true } as const } };
    process.env['DATAKIT_HOME'] = home;
    await pruneDatabases(settings, ['pruned']).finally(() => delete process.env['DATAKIT_HOME']);
    expect(await templates()).toEqual([]);
  });
});
