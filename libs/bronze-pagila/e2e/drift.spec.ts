import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith, startPostgres, type TestPostgres } from '@datakit/framework/testing';
import { expectSuccess } from './support/expect-success.ts';
import { sqlite } from './support/table-contents.ts';
import { Scratch, type CommandResult } from './support/workspace.ts';

describeWith(['postgres', 'sqlite3'], 'validate after changes by hand', () => {
  let server: TestPostgres;
  beforeAll(async () => void (server = await startPostgres()));
  afterAll(() => server?.stop());

  const findingsAbout = (scratch: Scratch, target: string, object: string): unknown[] =>
    scratch.report('validate', target).findings.filter((finding) => finding.object === object);

  function expectNamed(result: CommandResult, ...names: string[]): void {
    expect(result.exitCode).not.toBe(0);
    for (const name of names) expect(result.output).toContain(name);
  }

  test('names a dropped column, a changed type and a dropped index on PostgreSQL', async () => {
    using scratch = new Scratch({ DATAKIT_POSTGRES_LOCAL_URL: server.url('drift') });
    expectSuccess(await scratch.nx('run', 'bronze-pagila:deploy:postgres_local'));
    expectSuccess(await scratch.nx('run', 'bronze-pagila:validate:postgres_local'));
    const [table, index] = await indexToDrop(
      server.psql(
        'drift',
        `SELECT tablename, indexname FROM pg_indexes JOIN pg_index ON indexrelid = ('bronze_pagila.' || quote_ident(indexname))::regclass
         WHERE schemaname = 'bronze_pagila' AND NOT indisprimary ORDER BY 2`,
      ),
    );
    await server.psql(
      'drift',
      `ALTER TABLE bronze_pagila.film DROP COLUMN length;
       ALTER TABLE bronze_pagila.actor ALTER COLUMN first_name TYPE varchar(40);
       DROP INDEX bronze_pagila."${index}"`,
    );

    const found = await scratch.nx('run', 'bronze-pagila:validate:postgres_local');
    expectNamed(found, 'film.length', 'actor.first_name', index);
    expect(findingsAbout(scratch, 'postgres_local', 'film.length')).toHaveLength(1);
    expect(findingsAbout(scratch, 'postgres_local', 'actor.first_name')).toMatchObject([
      { severity: 'error', found: expect.stringMatching(/varying|varchar/) },
    ]);
    expect(scratch.report('validate', 'postgres_local')).toMatchObject({ status: 'failed' });
    expect(JSON.stringify(scratch.report('validate', 'postgres_local').findings)).toContain(table);
    expect(scratch.report('validate', 'postgres_local').findings).toHaveLength(3);
  });

  test('names them on SQLite', async () => {
    using scratch = new Scratch();
    const validate = (): Promise<CommandResult> => scratch.datakit('validate', 'libs/bronze-pagila');
    expectSuccess(await scratch.datakit('deploy', 'libs/bronze-pagila'));
    expectSuccess(await validate());
    const [, index] = await indexToDrop(
      sqlite(
        scratch.sqliteFile,
        `SELECT tbl_name, name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY 2`,
      ),
    );
    await sqlite(
      scratch.sqliteFile,
      `ALTER TABLE bronze_pagila_film DROP COLUMN length;
       ALTER TABLE bronze_pagila_customer ADD COLUMN active_copy TEXT;
       ALTER TABLE bronze_pagila_customer DROP COLUMN active;
       ALTER TABLE bronze_pagila_customer RENAME COLUMN active_copy TO active;
       DROP INDEX "${index}"`,
    );

    expectNamed(await validate(), 'film.length', 'customer.active', index);
    expect(scratch.report('validate', 'sqlite_file').findings).toHaveLength(3);
  });

  test('says NOT_DEPLOYED where nothing was deployed, and makes nothing', async () => {
    using scratch = new Scratch({ DATAKIT_POSTGRES_LOCAL_URL: server.url('nothing_here') });
    expectNamed(await scratch.datakit('validate', 'libs/bronze-pagila'), 'NOT_DEPLOYED');
    expectNamed(await scratch.datakit('validate', 'libs/bronze-pagila', '--target=postgres_local'), 'NOT_DEPLOYED');
    expect(scratch.files()).toEqual([]);
    expect(await server.databases()).not.toContain('nothing_here');
  });
});

/** Table and name of the first index that a query lists; the datakit has to declare one beside its keys. */
async function indexToDrop(listed: Promise<string>): Promise<[table: string, index: string]> {
  const [table, index] = (await listed).split('\n')[0]?.split('\t') ?? [];
  if (!table || !index) throw new Error('The datakit has no index beside its primary keys');
  return [table, index];
}
