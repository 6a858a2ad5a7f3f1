import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith, startPostgres, type TestPostgres } from '@datakit/framework/testing';
import { expectSuccess } from './support/expect-success.ts';
import { generatePagila } from './support/pagila-databases.ts';
import { sqlite } from './support/table-contents.ts';
import { Scratch, type CommandResult } from './support/workspace.ts';

describeWith(['postgres', 'sqlite3'], 'a replacing ingest', () => {
  let server: TestPostgres;
  let scratch: Scratch;
  beforeAll(async () => {
    server = await startPostgres();
    await generatePagila(server, 0.5);
    scratch = new Scratch({ PAGILA_URL: server.url('pagila'), DATAKIT_POSTGRES_LOCAL_URL: server.url('datakit') });
  });
  afterAll(async () => {
    scratch?.[Symbol.dispose]();
    await server?.stop();
  });

  const ingest = (target: string): Promise<CommandResult> => scratch.datakitIngest(`--target=${target}`);

  test('keeps what hangs on a table of PostgreSQL, and no reader sees it empty', async () => {
    const sql = (text: string): Promise<string> => server.psql('datakit', text);
    expectSuccess(await ingest('postgres_local'));
    await sql(`
      CREATE ROLE reader;
      GRANT USAGE ON SCHEMA bronze_pagila TO reader;
      GRANT SELECT ON bronze_pagila.film TO reader;
      CREATE VIEW long_films AS SELECT title FROM bronze_pagila.film WHERE length > 100;
      CREATE INDEX film_by_hand ON bronze_pagila.film (lower(title));
      CREATE TABLE seen (operation text);
      CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS
        $$BEGIN INSERT INTO seen VALUES (tg_op); RETURN NULL; END$$;
      CREATE TRIGGER by_hand AFTER INSERT ON bronze_pagila.film FOR EACH STATEMENT EXECUTE FUNCTION see();
      COMMENT ON TABLE bronze_pagila.film IS 'by hand'`);
    const state = `SELECT 'bronze_pagila.film'::regclass::oid, obj_description('bronze_pagila.film'::regclass),
      has_table_privilege('reader', 'bronze_pagila.film', 'SELECT'), (SELECT count(*) FROM long_films),
      (SELECT indisvalid FROM pg_index WHERE indexrelid = 'bronze_pagila.film_by_hand'::regclass)`;
    const before = await sql(state);
    const oldLoad = await sql('SELECT DISTINCT bronze_load_id FROM bronze_pagila.film');
    await using snapshot = await openSnapshot(server, 'datakit');

    const seenBy = watch(() => sql('SELECT count(*), count(DISTINCT bronze_load_id) FROM bronze_pagila.film'));
    expectSuccess(await ingest('postgres_local'));
    const observed = await seenBy.end();

    expect(new Set(observed)).toEqual(new Set(['500\t1']));
    expect(observed.length).toBeGreaterThan(5);
    expect(await sql(state)).toBe(before);
    expect(await sql('SELECT count(*) > 0 FROM seen')).toBe('t');
    expect(await sql('SELECT DISTINCT bronze_load_id FROM bronze_pagila.film')).not.toBe(oldLoad);
    // A transaction that began before the ingest still sees the rows of its time: TRUNCATE would have emptied them.
    expect(await snapshot.ask('SELECT count(*), min(bronze_load_id::text) FROM bronze_pagila.film;')).toBe(
      `500|${oldLoad}`,
    );
  });

  test('keeps what hangs on a table of SQLite, and no reader sees it empty', async () => {
    const sql = (text: string): Promise<string> => sqlite(scratch.sqliteFile, text);
    expectSuccess(await ingest('sqlite_file'));
    await sql(`
      CREATE VIEW long_films AS SELECT title FROM bronze_pagila_film WHERE length > 100;
      CREATE INDEX film_by_hand ON bronze_pagila_film (lower(title));
      CREATE TABLE seen (film_id INTEGER);
      CREATE TRIGGER by_hand AFTER INSERT ON bronze_pagila_film BEGIN INSERT INTO seen VALUES (new.film_id); END`);
    const state = `SELECT (SELECT count(*) FROM long_films),
      (SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema WHERE name IN ('by_hand', 'film_by_hand', 'long_films') ORDER BY name))`;
    const before = await sql(state);

    const seenBy = watch(() => sql('SELECT count(*), count(DISTINCT bronze_load_id) FROM bronze_pagila_film'));
    expectSuccess(await ingest('sqlite_file'));
    const observed = await seenBy.end();

    expect(new Set(observed)).toEqual(new Set(['500\t1']));
    expect(observed.length).toBeGreaterThan(5);
    expect(await sql(state)).toBe(before);
    expect(await sql('SELECT count(*) FROM seen')).toBe('500');
    expect(await sql('PRAGMA integrity_check')).toBe('ok');
  });
});

/** Asks again and again, until it is told to end; gives every answer. */
function watch(ask: () => Promise<string>): { end(): Promise<string[]> } {
  let goesOn = true;
  const answers = (async () => {
    const all: string[] = [];
    while (goesOn) all.push(await ask());
    return all;
  })();
  return {
    end: () => {
      goesOn = false;
      return answers;
    },
  };
}

/** A transaction of another session whose snapshot is taken now. */
async function openSnapshot(
  server: TestPostgres,
  database: string,
): Promise<AsyncDisposable & { ask(sql: string): Promise<string> }> {
  const psql = spawn('psql', ['--no-psqlrc', '--quiet', '-At', server.url(database)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ask = async (sql: string): Promise<string> => {
    psql.stdin.write(`${sql}\n`);
    const [answer] = (await once(psql.stdout, 'data')) as [Buffer];
    return answer.toString().trim();
  };
  await ask('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT txid_current_snapshot();');
  return {
    ask,
    [Symbol.asyncDispose]: async () => {
      psql.stdin.end();
      if (psql.exitCode === null) await once(psql, 'exit');
    },
  };
}
