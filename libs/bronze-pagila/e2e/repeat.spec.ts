import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeWith, startPostgres, type TestPostgres } from '@datakit/framework/testing';
import { expectSuccess } from './support/expect-success.ts';
import { generatePagila } from './support/pagila-databases.ts';
import { readTables, type SourceTable } from './support/source-tables.ts';
import { contentsInPostgres, contentsInSqlite, type Contents } from './support/table-contents.ts';
import { Scratch, type CommandResult } from './support/workspace.ts';

describeWith(['postgres', 'sqlite3'], 'doing it again', () => {
  let server: TestPostgres;
  let tables: readonly SourceTable[];
  let expected: readonly Contents[];

  beforeAll(async () => {
    server = await startPostgres();
    await generatePagila(server);
    tables = await readTables(server, 'pagila', 'public');
    expected = await each(({ name, columns }) => contentsInPostgres(server, 'pagila', `public.${name}`, columns));
  });
  afterAll(() => server?.stop());

  async function each(read: (table: SourceTable) => Promise<Contents>): Promise<Contents[]> {
    const contents: Contents[] = [];
    for (const table of tables) contents.push(await read(table));
    return contents;
  }

  /** One target: a database or a home of its own, how it is named, and how its tables are read. */
  const places = [
    {
      target: 'postgres_local',
      database: 'again',
      read: (_: Scratch, { name, columns }: SourceTable) =>
        contentsInPostgres(server, 'again', `bronze_pagila.${name}`, columns),
    },
    {
      target: 'sqlite_file',
      database: 'unused',
      read: ({ sqliteFile }: Scratch, { name, columns }: SourceTable) =>
        contentsInSqlite(sqliteFile, `bronze_pagila_${name}`, columns),
    },
  ];

  describe.each(places)('on $target', ({ target, database, read }) => {
    let scratch: Scratch;
    const deploy = (): Promise<CommandResult> => scratch.datakit('deploy', 'libs/bronze-pagila', `--target=${target}`);
    const ingest = (): Promise<CommandResult> => scratch.datakitIngest(`--target=${target}`);

    beforeAll(() => {
      scratch = new Scratch({ PAGILA_URL: server.url('pagila'), DATAKIT_POSTGRES_LOCAL_URL: server.url(database) });
    });
    afterAll(() => scratch[Symbol.dispose]());

    test('two first ingests at the same time leave the rows once', async () => {
      const both = await Promise.all([ingest(), ingest()]);
      both.forEach(expectSuccess);
      expect(await each((table) => read(scratch, table))).toEqual(expected);
    });

    test('a second deploy says "up to date" and runs no DDL', async () => {
      const deployed = await deploy();
      expectSuccess(deployed);
      expect(deployed.output).toMatch(/up to date/i);
      expect(scratch.report('deploy', target)).toMatchObject({ status: 'succeeded', statements: [] });
    });

    test('a second ingest leaves the same rows, under a new load', async () => {
      const before = scratch.report('ingest', target).tables.map(({ loadId }) => loadId);
      expectSuccess(await ingest());
      expect(await each((table) => read(scratch, table))).toEqual(expected);
      const after = scratch.report('ingest', target).tables.map(({ loadId }) => loadId);
      expect(new Set([...before, ...after]).size).toBe(30);
    });

    test('two more ingests at the same time leave the same rows', async () => {
      const both = await Promise.all([ingest(), ingest()]);
      both.forEach(expectSuccess);
      expect(await each((table) => read(scratch, table))).toEqual(expected);
    });
  });
});
