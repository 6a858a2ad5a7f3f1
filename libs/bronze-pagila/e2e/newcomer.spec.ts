import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith } from '@datakit/framework/testing';
import { expectSuccess } from './support/expect-success.ts';
import { sqlite } from './support/table-contents.ts';
import { Scratch, type CommandResult } from './support/workspace.ts';

describeWith(['sqlite3'], 'the first command of a newcomer', () => {
  let scratch: Scratch;
  let ingest: CommandResult;
  beforeAll(async () => {
    scratch = new Scratch();
    ingest = await scratch.nx('run', 'bronze-pagila:ingest');
  });
  afterAll(() => scratch?.[Symbol.dispose]());

  test('loads the generated Pagila into sqlite_file and says where it came from', async () => {
    expectSuccess(ingest);
    expect(ingest.output).toContain('generated Pagila');
    const report = scratch.report('ingest', 'sqlite_file');
    expect(report).toMatchObject({ status: 'succeeded' });
    expect(report.tables.length).toBeGreaterThanOrEqual(15);
    for (const { table, loaded } of report.tables) {
      expect([table, await sqlite(scratch.sqliteFile, `SELECT count(*) FROM bronze_pagila_${table}`)]).toEqual([
        table,
        `${loaded}`,
      ]);
      expect(loaded).toBeGreaterThan(0);
    }
  });

  test('leaves no process behind', () => {
    expect(scratch.processes()).toEqual([]);
  });
});
