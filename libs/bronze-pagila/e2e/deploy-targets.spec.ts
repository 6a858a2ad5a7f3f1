import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeWith, startPostgres, type TestPostgres } from '@datakit/framework/testing';
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

  const tablesIn = (database: string): Promise<string> =>
    server.psql(database, `SELECT count(*) FROM pg_tables WHERE schemaname = 'bronze_pagila'`);

  describe.each(ways)('by %s', (_, deploy) => {
    test('to sqlite_memory leaves nothing', async () => {
      using scratch = new Scratch();
      const result = await deploy(scratch, 'sqlite_memory', '--validate');
      expect(result).toMatchObject({ exitCode: 0 });
      expect(scratch.report('deploy', 'sqlite_memory').statements.length).toBeGreaterThanOrEqual(15);
      expect(scratch.files()).toEqual([]);
    });

    test('to sqlite_file, the default, keeps one file, and --cleanup not even that', async () => {
      using scratch = new Scratch();
      expect(await deploy(scratch, '', '--validate', '--cleanup')).toMatchObject({ exitCode: 0 });
      expect(scratch.files()).toEqual([]);
      expect(await deploy(scratch, '', '--validate')).toMatchObject({ exitCode: 0 });
      expect(scratch.files()).toEqual(['home/datakit.sqlite']);
      const count = `SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name LIKE 'bronze\\_pagila\\_%' ESCAPE '\\'`;
      expect(await sqlite(scratch.sqliteFile, count)).toBe('15');
    });

    test('to postgres_embedded starts a server, stops it and drops what it made', async () => {
      using scratch = new Scratch();
      expect(await deploy(scratch, 'postgres_embedded', '--validate', '--cleanup')).toMatchObject({ exitCode: 0 });
      expect(scratch.processes()).toEqual([]);
    });

    test('to postgres_local makes the database, and --cleanup drops it', async () => {
      using scratch = new Scratch({ DATAKIT_POSTGRES_LOCAL_URL: server.url('datakit') });
      expect(await deploy(scratch, 'postgres_local', '--validate')).toMatchObject({ exitCode: 0 });
      expect(await tablesIn('datakit')).toBe('15');
      const again = await deploy(scratch, 'postgres_local', '--cleanup');
      // Made by an earlier command: what existed before this one stays.
      expect(again).toMatchObject({ exitCode: 0 });
      expect(await server.databases()).toEqual(['datakit']);
      await server.psql('postgres', 'DROP DATABASE datakit');
      expect(await deploy(scratch, 'postgres_local', '--validate', '--cleanup')).toMatchObject({ exitCode: 0 });
      expect(await server.databases()).toEqual([]);
      expect(scratch.files()).toEqual([]);
    });

    test('to a place given by options works over TCP and the unix socket', async () => {
      using scratch = new Scratch({ PGPASSWORD: server.password });
      const place = [
        '--targetType=postgres',
        `--port=${server.port}`,
        '--database=by_options',
        `--user=${server.user}`,
      ];
      for (const host of [server.host, server.socketFolder]) {
        const options = [...place, `--host=${host}`, '--validate'];
        const deployed = await deploy(scratch, '', ...options);
        expect(deployed).toMatchObject({ exitCode: 0 });
        expect(await tablesIn('by_options')).toBe('15');
        await server.psql('postgres', 'DROP DATABASE by_options');

        expect(await deploy(scratch, '', ...options, '--cleanup')).toMatchObject({ exitCode: 0 });
        expect(await server.databases()).toEqual([]);
      }
      expect(existsSync(scratch.sqliteFile)).toBe(false);
    });
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
    expect(await viaBinary(scratch, 'postgres_embedded', '--keep')).toMatchObject({ exitCode: 0 });
    expect(scratch.processes()).not.toEqual([]);
    expect(await scratch.datakit('targets', '--prune')).toMatchObject({ exitCode: 0 });
    expect(scratch.processes()).toEqual([]);
  });
});
