import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith, startPostgres, type TestPostgres } from '@datakit/framework/testing';
import { expectSuccess } from './support/expect-success.ts';
import { generatePagila, restorePagila } from './support/pagila-databases.ts';
import { sqlite } from './support/table-contents.ts';
import { Scratch } from './support/workspace.ts';

describeWith(['postgres', 'sqlite3', 'pagila'], 'the real Pagila', () => keepsItsPromises(restorePagila));

describeWith(['postgres', 'sqlite3'], 'the generated Pagila', () => keepsItsPromises(generatePagila));

/** What bronze-pagila expects holds for its source; what is then broken by hand is found, row by row. */
function keepsItsPromises(createSource: (server: TestPostgres) => Promise<void>): void {
  let server: TestPostgres;
  let scratch: Scratch;
  beforeAll(async () => {
    server = await startPostgres();
    await createSource(server);
    scratch = new Scratch({ PAGILA_URL: server.url('pagila'), DATAKIT_POSTGRES_LOCAL_URL: server.url('datakit') });
  });
  afterAll(async () => {
    scratch?.[Symbol.dispose]();
    await server?.stop();
  });

  const validate = (...options: string[]) => scratch.datakit('validate', 'libs/bronze-pagila', ...options);

  test.each(['sqlite_file', 'postgres_local'])('holds on %s', async (target) => {
    expectSuccess(await scratch.datakitIngest(`--target=${target}`));
    expectSuccess(await validate(`--target=${target}`, '--failOn=warn'));
  });

  test('is counted as sqlite3 counts it where it is broken, and no value leaves the database unasked', async () => {
    const query = (sql: string): Promise<string> => sqlite(scratch.sqliteFile, sql);
    await query(
      `UPDATE bronze_pagila_film SET rental_rate = '-0.01' WHERE film_id % 7 = 0;
       UPDATE bronze_pagila_film SET length = 0 WHERE film_id = 3;
       UPDATE bronze_pagila_rental SET return_date = '2001-01-01T00:00:00.000000Z' WHERE rental_id = 5;
       DELETE FROM bronze_pagila_language`,
    );
    const numberOf = async (where: string): Promise<number> =>
      Number(await query(`SELECT count(*) FROM bronze_pagila_film WHERE ${where}`));
    const broken = await validate('--checks=data');
    expect(broken.exitCode).not.toBe(0);
    expect(broken.output).toContain('CHECK_FAILED');
    expect(broken.output).not.toMatch(/(film|rental)_id=/);
    const report = scratch.report('validate', 'sqlite_file');
    expect(report.error?.code).toBe('CHECK_FAILED');
    expect(report.findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          check: 'range',
          object: 'film.rental_rate',
          failed: await numberOf('film_id % 7 = 0'),
        }),
        expect.objectContaining({ check: 'range', object: 'film.length', severity: 'warn', failed: 1 }),
        expect.objectContaining({
          check: 'relationship',
          object: 'film.language_id',
          failed: await numberOf('language_id IS NOT NULL'),
        }),
        expect.objectContaining({
          check: 'sql',
          object: 'rental',
          expected: 'rentals end after they begin',
          failed: 1,
        }),
      ]),
    );

    const shown = await validate('--checks=data', '--showKeys=2');
    expect(shown.output).toMatch(/film\.rental_rate: out of range.*\n {2}film_id=\d+\n {2}film_id=\d+\n/);
    expect(shown.output).toContain('rental_id=5');
    expect(JSON.stringify(scratch.report('validate', 'sqlite_file'))).not.toContain('rental_id=');

    expectSuccess(await validate('--checks=structure'));
    expect((await validate('--checks=rows')).output).toContain('OPTION_INVALID');
  });
}
