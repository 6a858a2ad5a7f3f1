import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeWith, startPostgres, type TestPostgres } from '@datakit/framework/testing';
import { expectSuccess } from './support/expect-success.ts';
import { sqlite } from './support/table-contents.ts';
import { Scratch, type CommandResult } from './support/workspace.ts';

const viaNx = (scratch: Scratch, target: string, ...options: string[]): Promise<CommandResult> =>
  scratch.nx('run', `bronze-pagila:deploy${target && `:${target}`}`, ...options);
const viaBinary = (scratch: Scratch, target: string, ...options: string[]): Promise<CommandResult> =>
  scratch.datakit('deploy', 'libs/bronze-pagila', ...(target ? [`--target=${target}`] : []), ...options);

const ways = [
  ['nx', viaNx],
  ['datakit', viaBinary],
] as const;

describeWith(['postgres', 'sqlite3'], 'a deployment', () => {
  let server: TestPostgres;
  beforeAll(async () => void (server = await startPostgres()));
  afterAll(() => server?.stop());

  const byOptions = (host: string): string[] => [
    '--targetType=postgres',
    `--host=${host}`,
    `--port=${server.port}`,
    '--database=by_options',
    `--user=${server.user}`,
  ];
  const tablesIn = (database: string): Promise<string> =>
    server.psql(database, `SELECT count(*) FROM pg_tables WHERE schemaname = 'bronze_pagila'`);

  describe.each(ways)('by %s', (_, deploy) => {
    test('to sqlite_memory leaves nothing', async () => {
      using scratch = new Scratch();
      const result = await deploy(scratch, 'sqlite_memory', '--validate');
      expectSuccess(result);
      expect(scratch.report('deploy', 'sqlite_memory').statements.length).toBeGreaterThanOrEqual(15);
      expect(scratch.files()).toEqual([]);
    });

    test('to sqlite_file, the default, keeps one file, and --cleanup not even that', async () => {
      using scratch = new Scratch();
      expectSuccess(await deploy(scratch, '', '--validate', '--cleanup'));
      expect(scratch.files()).toEqual([]);
      expectSuccess(await deploy(scratch, '', '--validate'));
      expect(scratch.files()).toEqual(['home/datakit.sqlite']);
      const count = `SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name LIKE 'bronze\\_pagila\\_%' ESCAPE '\\'`;
      expect(await sqlite(scratch.sqliteFile, count)).toBe('15');
    });

    test('to postgres_embedded starts a server, stops it and drops what it made', async () => {
      using scratch = new Scratch();
      expectSuccess(await deploy(scratch, 'postgres_embedded', '--validate', '--cleanup'));
      expect(scratch.processes()).toEqual([]);
    });

    test('to postgres_local makes the database, and --cleanup drops it', async () => {
      using scratch = new Scratch({ DATAKIT_POSTGRES_LOCAL_URL: server.url('datakit') });
      expectSuccess(await deploy(scratch, 'postgres_local', '--validate', '--cleanup'));
      expect(scratch.report('deploy', 'postgres_local').statements.length).toBeGreaterThanOrEqual(15);
      expect(await server.databases()).toEqual([]);
      expect(scratch.files()).toEqual([]);
    });

    test('to a place given by options', async () => {
      using scratch = new Scratch({ PGPASSWORD: server.password });
      expectSuccess(await deploy(scratch, '', ...byOptions(server.host), '--validate'));
      expect(await tablesIn('by_options')).toBe('15');
      expect(scratch.files()).toEqual([]);
      await server.psql('postgres', 'DROP DATABASE by_options');
    });
  });

  test('over the unix socket, with --cleanup, leaves no database', async () => {
    using scratch = new Scratch();
    expectSuccess(await viaBinary(scratch, '', ...byOptions(`${server.socketFolder}`), '--validate', '--cleanup'));
    expect(await server.databases()).toEqual([]);
  });

  test('that was there before --cleanup stays', async () => {
    using scratch = new Scratch({ DATAKIT_POSTGRES_LOCAL_URL: server.url('datakit') });
    expectSuccess(await viaBinary(scratch, 'postgres_local'));
    expectSuccess(await viaBinary(scratch, 'postgres_local', '--validate', '--cleanup'));
    expect(await tablesIn('datakit')).toBe('15');
    await server.psql('postgres', 'DROP DATABASE datakit');
  });

  test('with --cleanup to a database of somebody else is refused before anything is made', async () => {
    await server.psql('postgres', 'CREATE DATABASE theirs');
    using scratch = new Scratch({ DATAKIT_POSTGRES_LOCAL_URL: server.url('theirs') });
    const refused = await viaBinary(scratch, 'postgres_local', '--cleanup');
    expect(refused.exitCode).not.toBe(0);
    expect(refused.output).toContain('NOT_DISPOSABLE');
    expect(await server.psql('theirs', `SELECT count(*) FROM pg_namespace WHERE nspname ~ 'datakit|bronze'`)).toBe('0');
    await server.psql('postgres', 'DROP DATABASE theirs');
  });

  test('with --keep leaves the embedded server running until somebody prunes', async () => {
    using scratch = new Scratch();
    expectSuccess(await viaBinary(scratch, 'postgres_embedded', '--keep'));
    expect(scratch.processes()).not.toEqual([]);
    expectSuccess(await scratch.datakit('targets', '--prune'));
    expect(scratch.processes()).toEqual([]);
  });
});
