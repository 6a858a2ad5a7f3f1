import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { datakitOf } from '../engines/contract/contract-fixture.ts';
import { postgresDatabases } from '../engines/contract/places-contract.ts';
import type { Session } from '../engines/session.ts';
import { startPostgres } from '../testing/index.ts';
import { validateTarget } from '../validate/validate.ts';
import { id, stageOn } from './stage-contract.ts';

const source = join(import.meta.dirname, '..');

const filler = { ...id, filler: p.text() };
const Film = defineEntity({ name: 'Film', tableName: 'film', properties: { ...filler, year: p.integer() } });
const Copy = defineEntity({ name: 'Copy', tableName: 'copy', properties: { ...id, shelf: p.text() } });
const before = datakitOf([Film, Copy], 'shop');

const filmWithIndex = { ...filler, year: p.integer().index('film_year') };
const IndexedFilm = defineEntity({ name: 'Film', tableName: 'film', properties: filmWithIndex });
const IndexedCopy = defineEntity({
  name: 'Copy',
  tableName: 'copy',
  properties: { ...id, shelf: p.text().index('copy_shelf') },
});
const after = datakitOf([IndexedFilm, IndexedCopy], 'shop');

const UniqueFilm = defineEntity({
  name: 'Film',
  tableName: 'film',
  properties: { ...filler, year: p.integer().unique('film_year') },
});
const withUnique = datakitOf([UniqueFilm, Copy], 'shop');

/** Deploys what `after` is, in a process that can be killed. */
const program = `
  import { defineEntity, p } from '@mikro-orm/core';
  import { deployTo } from '${source}/deploy/deploy.ts';
  import { defineDatakit } from '${source}/model/datakit.ts';
  import { TargetDatabase } from '${source}/targets/target-database.ts';
  const id = { id: p.integer().primary().autoincrement(false) };
  const Film = defineEntity({ name: 'Film', tableName: 'film', properties: { ...id, filler: p.text(), year: p.integer().index('film_year') } });
  const Copy = defineEntity({ name: 'Copy', tableName: 'copy', properties: { ...id, shelf: p.text().index('copy_shelf') } });
  const datakit = defineDatakit({ name: 'contract', layer: 'silver', schema: 'shop', tables: [Film, Copy] });
  const where = { kind: 'place', place: JSON.parse(process.env.PLACE) };
  await using database = await TargetDatabase.open({ name: 'test', inMemory: false, where, workspaceRoot: '/', environment: {} });
  await deployTo(datakit, database, { runId: 'killed' });`;

describe('an index on a big table of PostgreSQL', () => {
  const stage = stageOn(async () => postgresDatabases(await startPostgres({ version: 'embedded' })));
  const { deploy, open, database } = stage;
  let session: Session;

  beforeEach(async () => {
    await deploy(before);
    session = await open();
    await session.execute('alter table shop.film alter column filler set storage plain');
    // A row a page: 66 MB.
    await session.execute(
      `insert into shop.film (id, filler, year) select i, repeat('x', 7900), i from generate_series(1, 8450) i`,
    );
  });

  const indexes = (): Promise<unknown> =>
    session.query(
      `select c.relname as name, i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid
       where c.relname in ('film_year', 'copy_shelf') order by 1`,
    );

  /** Waits until the index is being built, which waits for a writer. */
  async function untilBuilding(): Promise<void> {
    const building = `select 1 from pg_stat_activity where query like 'create index concurrently%' and wait_event_type = 'Lock'
      and datname = current_database()`;
    while ((await session.query(building)).length === 0) await sleep(20);
  }

  async function untilNobodyBuilds(): Promise<void> {
    const building = `select 1 from pg_stat_activity where query like 'create index concurrently%' and state = 'active'
      and datname = current_database() and pid <> pg_backend_pid()`;
    while ((await session.query(building)).length > 0) await sleep(20);
  }

  async function startWriter(): Promise<Session> {
    const writer = await open();
    await writer.execute('begin');
    await writer.execute('update shop.film set year = year where id = 1');
    return writer;
  }

  it('is built when all else is committed, and keeps nobody waiting', async () => {
    const writer = await startWriter();
    const deployed = deploy(after);
    await untilBuilding();
    expect(await indexes()).toEqual([
      { name: 'copy_shelf', valid: true },
      { name: 'film_year', valid: false },
    ]);
    const other = await open();
    await other.execute(`set lock_timeout = '5s'`);
    await other.execute(`insert into shop.film (id, filler, year) values (0, '', 0)`);
    // Another deployment of the same datakit waits; it must not take the index for one that was left.
    await expect(deploy(after, { lockTimeout: 1 })).rejects.toMatchObject({ code: 'LOCKED' });
    await writer.execute('commit');
    const { plan } = await deployed;
    expect(plan.statements).toMatchObject([
      { object: 'copy.copy_shelf', sql: expect.stringMatching(/^create index "copy_shelf"/) },
      {
        object: 'film.film_year',
        class: 'additive',
        sql: 'create index concurrently "film_year" on "shop"."film" ("year")',
        cost: { work: 'reads', blocks: 'nothing', lock: 'share update exclusive' },
      },
    ]);
    expect(await indexes()).toEqual([
      { name: 'copy_shelf', valid: true },
      { name: 'film_year', valid: true },
    ]);
    const journal = await session.query(
      `select s.object from _datakit.deployments d join _datakit.statements s using (deployment_id)
       where s.object like '%.%' order by d.deployment_id, s.position`,
    );
    expect(journal).toEqual([{ object: 'copy.copy_shelf' }, { object: 'film.film_year' }]);
    expect((await validateTarget(after, database())).findings).toEqual([]);
    expect(await deploy(after)).toMatchObject({ applied: false });
    expect(await deploy(before)).toMatchObject({ applied: true });
    expect(await indexes()).toEqual([]);
  }, 60_000);

  it('that was cut off by kill -9 is found invalid, dropped and built again by the next deployment', async () => {
    const writer = await startWriter();
    const child = startDeployment();
    await untilBuilding();
    child.kill('SIGKILL');
    await untilNobodyBuilds();
    await writer.execute('commit');
    expect((await validateTarget(after, database())).findings).toMatchObject([
      { check: 'structure', object: 'film.film_year', kind: 'index', found: 'btree (year), invalid' },
    ]);
    expect((await deploy(after)).plan.statements).toMatchObject([
      { sql: 'drop index "shop"."film_year"' },
      { sql: 'create index concurrently "film_year" on "shop"."film" ("year")' },
    ]);
    expect((await validateTarget(after, database())).findings).toEqual([]);
    expect(await deploy(after)).toMatchObject({ applied: false });
  }, 60_000);

  it('that rows are in the way of leaves what it says it leaves, and is built when they are gone', async () => {
    await session.execute('update shop.film set year = 1 where id = 2');
    await expect(deploy(withUnique)).rejects.toMatchObject({
      code: 'TARGET_FAILED',
      message: expect.stringContaining('(film.film_year).'),
      hint: expect.stringContaining('All else of the plan is done.'),
    });
    expect((await validateTarget(withUnique, database())).findings).toMatchObject([
      { object: 'film.film_year', found: 'unique btree (year), invalid' },
    ]);
    await session.execute('delete from shop.film where id = 2');
    expect((await deploy(withUnique)).plan.statements).toMatchObject([
      { sql: 'drop index "shop"."film_year"' },
      { sql: 'create unique index concurrently "film_year" on "shop"."film" ("year")' },
    ]);
    expect(await deploy(withUnique)).toMatchObject({ applied: false });
    // Exchanged for another unique one it stays in the transaction: nothing else keeps the rows unique meanwhile.
    const Exchanged = defineEntity({
      name: 'Film',
      tableName: 'film',
      properties: { ...filler, year: p.integer() },
      uniques: [{ name: 'film_year', properties: ['year', 'id'] }],
    });
    expect((await deploy(datakitOf([Exchanged, Copy], 'shop'))).plan.statements).toMatchObject([
      { sql: 'drop index "shop"."film_year"' },
      { sql: 'create unique index "film_year" on "shop"."film" ("year", "id")' },
    ]);
  }, 60_000);

  function startDeployment(): ChildProcess {
    return spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program],
      {
        cwd: source,
        env: { ...process.env, PLACE: JSON.stringify(database().place), NODE_OPTIONS: '' },
        stdio: ['ignore', 'inherit', 'inherit'],
      },
    );
  }
});
