import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith, startPostgres, type TestPostgres } from '@datakit/framework/testing';
import { createPagila } from '@datakit/pagila-source';
import { CopiedWorkspace } from './support/copied-workspace.ts';

/** What somebody did to the source, what mends it again, and which table of bronze it must not get into. */
const batches = [
  [
    'negative amounts',
    'payment',
    `update payment set amount = -amount where payment_id % 10 = 0`,
    `update payment set amount = abs(amount)`,
  ],
  [
    'an orphaned rental',
    'rental',
    `alter table rental drop constraint rental_inventory_id_fkey; update rental set inventory_id = 999999 where rental_id = 1`,
    `update rental set inventory_id = 1 where rental_id = 1`,
  ],
] as const;

describeWith(['postgres', 'sqlite3', 'git'], 'a bad batch in bronze', () => {
  let source: TestPostgres;
  let workspace: CopiedWorkspace;

  beforeAll(async () => {
    source = await startPostgres();
    await source.psql('postgres', 'create database pagila template template0');
    await createPagila(source.url('pagila'), { scale: 0.02 });
    workspace = new CopiedWorkspace({ PAGILA_URL: source.url('pagila') });
    const { exitCode, output } = await workspace.nx('run', 'pagila-pipeline:run');
    expect(`${exitCode} ${output}`).toMatch(/^0 [^]*Top categories by revenue/);
  });
  afterAll(async () => {
    workspace?.[Symbol.dispose]();
    await source?.stop();
  });

  async function stateOf(tables: string): Promise<string> {
    return createHash('sha256')
      .update((await workspace.ask(`.dump '${tables}'`)).join('\n'))
      .digest('hex');
  }

  /** One after the other: the last sqlite3 to close a file locks it for a moment. */
  async function statesOf(tables: readonly string[]): Promise<string[]> {
    const states: string[] = [];
    for (const each of tables) states.push(await stateOf(each));
    return states;
  }

  test.each(batches)(
    '%s: is stopped by the audit, and everything downstream keeps its last good rows',
    async (_, table, spoil, mend) => {
      const published = [`bronze_pagila_${table}`, 'silver_pagila_%', 'gold_pagila_%'];
      const before = await statesOf(published);
      await source.psql('pagila', spoil);

      const ingest = await workspace.nx('run-many', '-t', 'ingest', '--output-style=static');
      expect(ingest.exitCode).not.toBe(0);
      expect(ingest.output).toMatch(/silver-pagila:ingest[^]*Failed tasks:[^]*- bronze-pagila:ingest/);
      expect(await statesOf(published)).toEqual(before);

      // In one process it is the same.
      const run = await workspace.nx('run', 'pagila-pipeline:run');
      expect(run.exitCode).not.toBe(0);
      expect(run.output).toMatch(new RegExp(`CHECK_FAILED: The rows of "${table}" are not as expected`));
      expect(run.output).toMatch(/silver-pagila: skipped, because bronze-pagila did not succeed/);
      expect(run.output).toMatch(/gold-pagila: skipped, because (bronze|silver)-pagila did not succeed/);
      expect(await statesOf(published)).toEqual(before);

      await source.psql('pagila', mend);
      const resumed = await workspace.nx('run', 'pagila-pipeline:run', '--resume');
      expect(`${resumed.exitCode} ${resumed.output}`).toMatch(
        /^0 [^]*goes on with \d+ tables?: [^]*Top categories by revenue/,
      );
    },
    300_000,
  );
});
