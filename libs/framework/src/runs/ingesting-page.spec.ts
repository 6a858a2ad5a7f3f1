import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { runProgram, startPostgres } from '../testing/index.ts';

const workspace = join(import.meta.dirname, '../../../..');

/** The commands of the page, as the `datakit` command takes them. */
function commandsOf(page: string): string[][] {
  return [...page.matchAll(/^npx nx run bronze-shop:ingest ([^#\n]*)/gm)].map(([, options = '']) =>
    options.trim().split(/\s+/),
  );
}

it('the commands of docs/ingesting.md do what it says', async () => {
  await using source = await startPostgres({ version: 'embedded' });
  const page = readFileSync(join(workspace, 'docs/ingesting.md'), 'utf8');
  const [, declared = ''] = /```ts\n(.*?)```/s.exec(page) ?? [];
  // Below the workspace, so that it finds the packages as a user's datakit does.
  const folder = join(workspace, 'tmp', `ingesting-${process.pid}`);
  const run = async (...args: string[]): Promise<string> => {
    const env = { ...process.env, NODE_OPTIONS: '', DATAKIT_HOME: join(folder, 'home'), FORCE_COLOR: '0' };
    const bin = join(workspace, 'libs/framework/bin/datakit.js');
    const { exitCode, stdout, stderr } = await runProgram(process.execPath, [bin, ...args], {
      cwd: workspace,
      env: { ...env, SHOP_URL: source.url('postgres') },
    });
    expect([args, exitCode, stderr]).toEqual([args, 0, '']);
    return stdout;
  };
  const loaded = (output: string): unknown => /^ {2}film: ([\d,]+) row/m.exec(output)?.[1];
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'bronze-shop', type: 'module' }));
    writeFileSync(
      join(folder, 'datakit.json'),
      JSON.stringify({ kind: 'datakit', layer: 'bronze', entry: 'index.ts' }),
    );
    writeFileSync(
      join(folder, 'index.ts'),
      `import { bronzeMetadata, defineDatakit, postgresSource, table } from '@datakit/framework';
import { defineEntity, p } from '@mikro-orm/core';
const Film = defineEntity({ name: 'Film', tableName: 'film', properties: {
  film_id: p.integer().primary().autoincrement(false), last_update: p.datetime(6), ...bronzeMetadata } });
export default defineDatakit({ name: 'bronze-shop', layer: 'bronze',
  source: postgresSource({ system: 'shop', url: '\${SHOP_URL}' }),
  tables: [${declared}] });`,
    );
    await source.psql(
      'postgres',
      `create table film (film_id integer primary key, last_update timestamptz(6) not null);
       insert into film select n, '2023-12-31'::timestamptz + n * interval '1 day' from generate_series(1, 40) n`,
    );
    const [incremental = [], backfill = [], refresh = [], append = [], ...others] = commandsOf(page);
    expect(others).toEqual([]);
    await run('deploy', folder);
    expect(loaded(await run('ingest', folder, ...incremental))).toBe('40');
    expect(loaded(await run('ingest', folder, ...incremental))).toBe('1');
    expect(loaded(await run('ingest', folder, ...backfill))).toBe('31');
    await source.psql('postgres', 'delete from film where film_id <= 10');
    expect(loaded(await run('ingest', folder, ...refresh))).toBe('30');
    await source.psql('postgres', 'update film set film_id = film_id + 100');
    expect(loaded(await run('ingest', folder, ...append))).toBe('30');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
