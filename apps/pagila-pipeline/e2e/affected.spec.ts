import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith, startPostgres, type TestPostgres } from '@datakit/framework/testing';
import { createPagila } from '@datakit/pagila-source';
import { CopiedWorkspace } from './support/copied-workspace.ts';

// The tests are one story: each begins where the one before it ended.
describeWith(['postgres', 'sqlite3', 'git'], 'what a change makes nx affected do', () => {
  let source: TestPostgres;
  let workspace: CopiedWorkspace;

  beforeAll(async () => {
    source = await startPostgres();
    await source.psql('postgres', 'create database pagila template template0');
    await createPagila(source.url('pagila'), { scale: 0.02 });
    workspace = new CopiedWorkspace({ PAGILA_URL: source.url('pagila') });
    await workspace.commit('start');
    const { exitCode, output } = await workspace.nx('run-many', '-t', 'ingest');
    expect(`${exitCode} ${output}`).toMatch(/^0 /);
  });
  afterAll(async () => {
    workspace?.[Symbol.dispose]();
    await source?.stop();
  });

  /** Everything that a database holds of a layer: structure, rows with their load ids, and what was done to it. */
  async function stateOf(layer: string): Promise<string> {
    const hash = createHash('sha256');
    for (const line of await workspace.ask(`.dump '${layer}_pagila_%'`)) hash.update(`${line}\n`);
    const ofLayer = `where datakit = '${layer}-pagila'`;
    const history = await workspace.ask(
      `select load_id, published_at from _datakit_loads ${ofLayer} union all
       select deployment_id, finished_at from _datakit_deployments ${ofLayer} order by 1`,
    );
    return hash.update(history.join('\n')).digest('hex');
  }
  const lastLoads = (layer: string) =>
    workspace.ask(`select load_id from _datakit_loads where datakit = '${layer}-pagila' order by load_id`);

  test('only gold: no statement and no row in bronze and silver', async () => {
    workspace.edit(
      'libs/gold-pagila/src/dim-store.ts',
      `manager: p.text(), `,
      `manager: p.text(), address: p.text().nullable(), `,
    );
    workspace.edit('libs/gold-pagila/src/dim-store.ts', `'store.manager', `, `'store.manager', 'store.address', `);
    const before = { bronze: await stateOf('bronze'), silver: await stateOf('silver'), gold: await stateOf('gold') };

    const deployed = await workspace.nx('affected', '-t', 'deploy', '--base=HEAD', '--output-style=static');
    expect(`${deployed.exitCode} ${deployed.output}`).toMatch(
      /^0 [^]*bronze-pagila is up to date[^]*silver-pagila is up to date/,
    );
    expect(await stateOf('bronze')).toBe(before.bronze);
    expect(await stateOf('silver')).toBe(before.silver);
    expect(await stateOf('gold')).not.toBe(before.gold);

    const ingested = await workspace.nx('affected', '-t', 'ingest', '--base=HEAD', '--output-style=static');
    expect(`${ingested.exitCode} ${ingested.output}`).toMatch(
      /^0 [^]*loads of bronze-pagila are still good[^]*loads of silver-pagila are still good/,
    );
    expect(await stateOf('bronze')).toBe(before.bronze);
    expect(await stateOf('silver')).toBe(before.silver);
    expect(await workspace.ask('select count(*) from gold_pagila_dim_store where address is null')).toEqual(['0']);
    await workspace.commit('gold tells addresses');
  });

  test('nothing: nothing runs', async () => {
    const before = await stateOf('gold');
    const { exitCode } = await workspace.nx('affected', '-t', 'ingest', '--base=HEAD');
    expect([exitCode, await stateOf('gold')]).toEqual([0, before]);
  });

  test('bronze: all three, in the order of the graph', async () => {
    workspace.edit('libs/bronze-pagila/src/country.ts', 'country: p.text()', 'country: p.text().index()');
    const before = {
      bronze: await lastLoads('bronze'),
      silver: await lastLoads('silver'),
      gold: await lastLoads('gold'),
    };
    const { exitCode, output } = await workspace.nx('affected', '-t', 'deploy,ingest,validate', '--base=HEAD');
    expect(`${exitCode} ${output}`).toMatch(/^0 /);
    const made: Record<string, string[]> = {};
    for (const layer of ['bronze', 'silver', 'gold'] as const) {
      made[layer] = (await lastLoads(layer)).filter((id) => !before[layer].includes(id));
      const tables = `select count(distinct table_name) from _datakit_loads where datakit = '${layer}-pagila'`;
      expect([String(made[layer].length)]).toEqual(await workspace.ask(tables));
    }
    // Load ids are UUIDs of version 7.
    expect((made['bronze'] as string[]).at(-1)! < (made['silver'] as string[])[0]!).toBe(true);
    expect((made['silver'] as string[]).at(-1)! < (made['gold'] as string[])[0]!).toBe(true);
    await workspace.commit('bronze finds countries by name');
  });

  test('a column of bronze that gets another name does not compile in silver', async () => {
    workspace.edit('libs/bronze-pagila/src/country.ts', 'country: p.text()', 'country_name: p.text()');
    // Two compilers are enough to wait for.
    const exclude = '--exclude=gold-pagila,pagila-pipeline';
    const { exitCode, output } = await workspace.nx('affected', '-t', 'typecheck', '--base=HEAD', exclude);
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/libs\/silver-pagila\/src\/\w[\w-]*\.ts\(\d+,\d+\): error TS/);
    expect(output).toMatch(/Failed tasks:[^]*- silver-pagila:typecheck/);
    expect(output).not.toMatch(/- bronze-pagila:typecheck/);
  }, 300_000);
});
