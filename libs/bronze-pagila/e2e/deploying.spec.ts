import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  describeWith,
  startMariaDB,
  startPostgres,
  type TestMariaDB,
  type TestPostgres,
} from '@datakit/framework/testing';
import { expectSuccess } from './support/expect-success.ts';
import { generatePagila } from './support/pagila-databases.ts';
import { Scratch, workspaceRoot } from './support/workspace.ts';

const guide = readFileSync(join(workspaceRoot, 'docs/deploying.md'), 'utf8');

/** What the guide shows as code of a kind. */
function shown(kind: string): string[] {
  return [...guide.matchAll(/```([^\n]*)\n(.*?)```/gs)].flatMap(([, of, text = '']) =>
    of === kind ? [text.trim()] : [],
  );
}

/** The same place for another account, whose password the guide has. */
function as(user: string, url: string): string {
  const address = new URL(url);
  address.username = user;
  address.password = 'change me';
  return address.href;
}

/** Equal as long as nobody changed a table, a column or the bookkeeping. */
const stateQuery = `
  SELECT string_agg(t, ' ' ORDER BY t) FROM (
    SELECT c.oid || c.relname || c.xmin AS t FROM pg_class c WHERE c.relnamespace::regnamespace::text !~ '^pg_|information_schema'
    UNION ALL SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_') AS s`;

describeWith(['postgres'], 'the guide to production', () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres();
    await generatePagila(server);
  });
  afterAll(() => server?.stop());

  test('its commands plan, apply what was planned, and validate; everything else is refused', async () => {
    await server.psql('postgres', 'CREATE DATABASE shop');
    const url = server.url('shop');
    using scratch = new Scratch({ DATAKIT_PRODUCTION_URL: url, PAGILA_URL: server.url('pagila') });
    const plans = join(scratch.folder, 'plans');
    const commands = shown('sh').map((command) => command.replaceAll('plans', plans));
    expect(commands).toHaveLength(3);
    const [plan = '', apply = '', validate = ''] = commands;
    const state = (): Promise<string> => server.psql('shop', stateQuery);
    const before = await state();

    const planned = await scratch.shell(plan);
    expectSuccess(planned);
    expect(planned.output).toContain('create table "bronze_pagila"."film"');
    expect(await state()).toBe(before);
    expect(readdirSync(plans)).toContain('bronze-pagila.production.plan.sql');
    const file = readFileSync(join(plans, 'bronze-pagila.production.plan.sql'), 'utf8');
    const [, hash = ''] = /^-- plan: (\w{16})$/m.exec(file) ?? [];

    // Without approval, with another one, and as a mere dependency.
    const wrongly = [
      ['run', 'bronze-pagila:deploy:production'],
      ['run', 'bronze-pagila:deploy:production', '--approve=0123456789abcdef'],
      ['run', 'bronze-pagila:ingest:production'],
    ];
    for (const command of wrongly) {
      const { exitCode, output } = await scratch.nx(...command);
      expect([command, exitCode === 0, output]).toEqual([command, false, expect.stringContaining('NEEDS_APPROVAL')]);
      expect(output).toContain(`nx run bronze-pagila:deploy:production --approve=${hash}`);
      expect(output).toContain('create table "bronze_pagila"."film"');
      expect(scratch.report('deploy', 'production')).toMatchObject({
        status: 'failed',
        error: { code: 'NEEDS_APPROVAL' },
        plan: { hash },
        statements: expect.arrayContaining([expect.objectContaining({ object: 'film', class: 'additive' })]),
      });
    }
    expect(await state()).toBe(before);

    expectSuccess(await scratch.shell(apply));
    expectSuccess(await scratch.shell(validate));
    const applied = await state();
    expectSuccess(await scratch.shell(apply));
    expect(scratch.report('deploy', 'production').statements).toEqual([]);
    expect(await state()).toBe(applied);

    // Nothing is pending, so an ingest needs no approval.
    expectSuccess(await scratch.nx('run', 'bronze-pagila:ingest:production', '--tables=film'));
    expect(Number(await server.psql('shop', 'SELECT count(*) FROM bronze_pagila.film'))).toBeGreaterThan(0);

    // The database knows that it is protected, whatever leads to it.
    await server.psql('shop', 'ALTER TABLE bronze_pagila.film DROP COLUMN length');
    const [drifted, secret] = [await state(), { PGPASSWORD: server.password }];
    using other = new Scratch({ ...secret, DATAKIT_POSTGRES_LOCAL_URL: url });
    const withoutPassword = url.replace(/:[^:@/]*@/, '@');
    for (const place of [`--url=${withoutPassword}`, '--target=postgres_local']) {
      const { exitCode, output } = await other.datakit('deploy', 'libs/bronze-pagila', place);
      expect([place, exitCode, output]).toEqual([place, 1, expect.stringContaining('NEEDS_APPROVAL')]);
    }
    expect(await state()).toBe(drifted);
    const stale = await scratch.shell(apply);
    expect([stale.exitCode === 0, stale.output]).toEqual([false, expect.stringContaining('PLAN_STALE')]);
    expect(stale.output).toContain('the database changed since');
    expect(await state()).toBe(drifted);
  }, 600_000);

  test('its roles on PostgreSQL may do what they are for, and no more', async () => {
    await server.psql('postgres', 'DROP DATABASE IF EXISTS shop');
    await server.psql('postgres', 'CREATE DATABASE shop');
    for (const sql of shown('sql postgres')) await server.psql('shop', sql);
    const variables = (user: string) => ({ SHOP_URL: '', DATAKIT_POSTGRES_LOCAL_URL: as(user, server.url('shop')) });
    await expectRoles(
      (user) => new Scratch({ ...variables(user), PAGILA_URL: server.url('pagila') }),
      'postgres_local',
    );
    const asReader = (sql: string): Promise<string> =>
      server.psql('shop', `SET ROLE reader; ${sql}`).catch((error: Error) => error.message);
    expect(await asReader('SELECT count(*) FROM bronze_pagila.film')).toMatch(/^[1-9]/);
    expect(await asReader('DELETE FROM bronze_pagila.film')).toContain('permission denied');
  }, 300_000);

  describeWith(['mariadb'], 'and its roles on MariaDB', () => {
    let mariadb: TestMariaDB;
    beforeAll(async () => void (mariadb = await startMariaDB()));
    afterAll(() => mariadb?.stop());

    test('may do what they are for, and no more', async () => {
      const asRoot = (sql: string) => mariadb.asRoot(sql);
      await asRoot('create database shop');
      for (const sql of shown('sql mariadb')) await asRoot(sql);
      const url = mariadb.url('shop');
      await expectRoles(
        (user) => new Scratch({ DATAKIT_MARIADB_LOCAL_URL: as(user, url), PAGILA_URL: server.url('pagila') }),
        'mariadb_local',
      );
    }, 300_000);
  });
});

/** Each account does its own operation, and fails at the others'. */
async function expectRoles(scratchOf: (user: string) => Scratch, target: string): Promise<void> {
  const kit = 'libs/bronze-pagila';
  using reader = scratchOf('reader');
  using loader = scratchOf('loader');
  using deployer = scratchOf('deployer');
  for (const scratch of [reader, loader]) {
    expect((await scratch.datakit('deploy', kit, `--target=${target}`)).exitCode).toBe(1);
  }
  expectSuccess(await deployer.datakit('deploy', kit, `--target=${target}`, '--validate'));
  expect((await reader.datakit('ingest', kit, `--target=${target}`, '--tables=film')).exitCode).toBe(1);
  expectSuccess(await loader.datakit('deploy', kit, `--target=${target}`));
  expectSuccess(await loader.datakit('ingest', kit, `--target=${target}`, '--tables=language,film'));
  expectSuccess(await loader.datakit('ingest', kit, `--target=${target}`, '--tables=film'));
  expectSuccess(await reader.datakit('validate', kit, `--target=${target}`));
}
