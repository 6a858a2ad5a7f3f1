import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { describeWith, startPostgres, type TestPostgres } from '@datakit/framework/testing';
import { expectSuccess } from './support/expect-success.ts';
import { generatePagila } from './support/pagila-databases.ts';
import { readTables } from './support/source-tables.ts';
import { sqlite } from './support/table-contents.ts';
import { Scratch, workspaceRoot, type CommandResult } from './support/workspace.ts';

describeWith(['postgres', 'sqlite3'], 'bad input', () => {
  let server: TestPostgres;
  let scratch: Scratch;
  let kits: string;
  let before: string;

  /** Everything that a refused command must not have changed. */
  async function stateOfAll(): Promise<string> {
    const tables = await readTables(server, 'datakit', 'bronze_pagila');
    const sums = tables.map(
      ({ name }) =>
        `SELECT '${name}', md5(string_agg(row::text, '|' ORDER BY row::text)) FROM bronze_pagila.${name} row`,
    );
    return JSON.stringify([
      tables,
      await server.psql('datakit', sums.join(' UNION ALL ')),
      await sqlite(scratch.sqliteFile, 'SELECT name, sql FROM sqlite_schema ORDER BY 1'),
      await server.databases(),
      scratch.files(),
    ]);
  }

  beforeAll(async () => {
    server = await startPostgres();
    await generatePagila(server, 0.02);
    scratch = new Scratch({ PAGILA_URL: server.url('pagila'), DATAKIT_POSTGRES_LOCAL_URL: server.url('datakit') });
    mkdirSync(join(workspaceRoot, 'tmp'), { recursive: true });
    kits = mkdtempSync(join(workspaceRoot, 'tmp/bad-datakits-'));
    expectSuccess(await scratch.datakitIngest('--target=postgres_local'));
    expectSuccess(await scratch.datakit('deploy', 'libs/bronze-pagila'));
    before = await stateOfAll();
  });
  afterEach(async () => expect(await stateOfAll()).toBe(before));
  afterAll(async () => {
    rmSync(kits, { recursive: true, force: true });
    scratch?.[Symbol.dispose]();
    await server?.stop();
  });

  const ingest = (...options: string[]): Promise<CommandResult> =>
    scratch.datakit('ingest', 'libs/bronze-pagila', ...options);

  /** One clear line with the code and what it is about, no stack, and no password anywhere. */
  function expectRefused(result: CommandResult, code: string, ...about: string[]): void {
    expect(result.exitCode).not.toBe(0);
    const line = result.output.split('\n').find((text) => text.includes(`${code}: `)) ?? '';
    expect(line || result.output).toContain(`${code}: `);
    for (const text of about) expect(result.output).toContain(text);
    expect(result.output).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
    expect(result.output).not.toContain('wrong-password');
    expect(result.output).not.toContain(server.password);
  }

  /** A datakit beside the good ones, with an entry of one's own. */
  function writeDatakit(name: string, entry: string): string {
    const folder = join(kits, name);
    mkdirSync(join(folder, 'src'), { recursive: true });
    writeFileSync(join(folder, 'datakit.json'), `{ "kind": "datakit", "layer": "bronze", "entry": "src/index.ts" }`);
    writeFileSync(join(folder, 'package.json'), `{ "name": "${name}", "type": "module" }`);
    writeFileSync(join(folder, 'src/index.ts'), entry);
    return folder;
  }

  test('no such datakit', async () => {
    expectRefused(await scratch.datakit('deploy', 'libs/bronze-pagilla'), 'DATAKIT_UNKNOWN', 'bronze-pagilla');
  });

  test('a datakit with a syntax error', async () => {
    const folder = writeDatakit('bronze-broken', 'export default defineDatakit({ name: ;');
    expectRefused(await scratch.datakit('deploy', folder), 'DATAKIT_INVALID', 'src/index.ts');
  });

  test('a datakit without entities', async () => {
    const folder = writeDatakit(
      'bronze-empty',
      `import { defineDatakit } from '@datakit/framework';
       export default defineDatakit({ name: 'bronze-empty', layer: 'bronze', tables: [] });`,
    );
    expectRefused(await scratch.datakit('deploy', folder), 'DATAKIT_INVALID', 'bronze-empty', 'no tables');
  });

  test('a datakit with two tables of one name', async () => {
    const folder = writeDatakit(
      'bronze-twice',
      `import { defineDatakit } from '@datakit/framework';
       import { defineEntity, p } from '@mikro-orm/core';
       const one = defineEntity({ name: 'One', tableName: 'same', properties: { id: p.integer().primary() } });
       const two = defineEntity({ name: 'Two', tableName: 'same', properties: { id: p.integer().primary() } });
       export default defineDatakit({ name: 'bronze-twice', layer: 'bronze', tables: [one, two] });`,
    );
    expectRefused(await scratch.datakit('deploy', folder), 'DATAKIT_INVALID', '"same"');
  });

  test('a datakit whose name is not the one of its project', async () => {
    const folder = writeDatakit('bronze-other', '');
    cpSync(join(workspaceRoot, 'libs/bronze-pagila/src'), join(folder, 'src'), { recursive: true });
    expectRefused(await scratch.datakit('deploy', folder), 'DATAKIT_INVALID', 'bronze-pagila', 'bronze-other');
  });

  test('a host that does not answer', async () => {
    const place = ['--targetType=postgres', '--host=127.0.0.1', '--port=1', '--database=datakit', '--user=tester'];
    expectRefused(await scratch.datakit('deploy', 'libs/bronze-pagila', ...place), 'TARGET_UNREACHABLE', '127.0.0.1');
    expectRefused(
      await ingest('--sourceUrl=postgresql://tester@127.0.0.1:1/pagila'),
      'SOURCE_UNAVAILABLE',
      '127.0.0.1',
    );
  });

  test('a wrong password, which appears nowhere', async () => {
    const withWrong = (database: string): string =>
      server.url(database).replace(encodeURIComponent(server.password), 'wrong-password');
    using wrongTarget = new Scratch({ DATAKIT_POSTGRES_LOCAL_URL: withWrong('datakit') });
    const target = await wrongTarget.datakit('deploy', 'libs/bronze-pagila', '--target=postgres_local');
    expectRefused(target, 'AUTH_FAILED', '127.0.0.1');
    using wrongSource = new Scratch({ PAGILA_URL: withWrong('pagila') });
    const source = await wrongSource.nx('run', 'bronze-pagila:ingest:sqlite_memory');
    expectRefused(source, 'AUTH_FAILED', '127.0.0.1');
    for (const { home } of [wrongTarget, wrongSource]) {
      const files = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      const texts = files.map((file) => readFileSync(join(file.parentPath, file.name), 'latin1'));
      expect(texts.filter((text) => text.includes('wrong-password'))).toEqual([]);
    }
  });

  test('a source table that is missing', async () => {
    await server.psql('pagila', 'ALTER TABLE category RENAME TO categories');
    try {
      expectRefused(await ingest('--target=postgres_local'), 'SOURCE_TABLE_UNKNOWN', 'category');
    } finally {
      await server.psql('pagila', 'ALTER TABLE categories RENAME TO category');
    }
  });

  test('a source table with another column type', async () => {
    await server.psql('pagila', 'ALTER TABLE category ALTER COLUMN category_id TYPE bigint');
    try {
      expectRefused(await ingest('--target=postgres_local'), 'CONTRACT', 'category.category_id', 'bigint', 'integer');
    } finally {
      await server.psql('pagila', 'ALTER TABLE category ALTER COLUMN category_id TYPE integer');
    }
  });

  test('an output folder that cannot be written', async () => {
    const out = join(workspaceRoot, 'package.json/files');
    const refused = await ingest('--target=postgres_local', '--formats=table,parquet', `--out=${out}`);
    expectRefused(refused, 'OUTPUT_UNWRITABLE', out);
  });

  test('an unknown table in --tables', async () => {
    expectRefused(
      await ingest('--target=postgres_local', '--tables=film,categroy'),
      'TABLE_UNKNOWN',
      'categroy',
      'category',
    );
  });

  test('an unknown target, option and value by the binary', async () => {
    expectRefused(await ingest('--target=postgres_locl'), 'TARGET_UNKNOWN', 'postgres_local');
    expectRefused(await ingest('--formts=table'), 'OPTION_UNKNOWN', 'formats');
    expectRefused(await ingest('--formats=table,parkett'), 'OPTION_INVALID', 'parquet');
  });
});
