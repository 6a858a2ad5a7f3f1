import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { postgresDatabases } from '../engines/contract/places-contract.ts';
import { defineDatakit } from '../model/datakit.ts';
import { TargetDatabase } from '../targets/target-database.ts';
import { startPostgres, type TestPostgres } from '../testing/index.ts';
import { deployTo } from './deploy.ts';

const id = { id: p.integer().primary() };
const Shop = defineEntity({ name: 'Shop', tableName: 'shop', properties: id });
const Twins = defineEntity({
  name: 'Twins',
  tableName: 'twins',
  properties: { ...id, Name: p.text(), name: p.text() },
});

describe('a connection that is asked for before the entities are read', () => {
  let server: TestPostgres;

  beforeAll(async () => {
    server = await startPostgres();
    await server.psql('postgres', 'create database shop');
  });
  afterAll(() => server.stop());

  it('is closed where the entities are refused', async () => {
    const datakit = defineDatakit({ name: 'silver-shop', layer: 'silver', tables: [Twins] });
    await using database = await open();
    await expect(deployTo(datakit, database, { runId: 'refused' })).rejects.toMatchObject({ code: 'IDENTIFIER' });
    expect(await sessionsOf('shop')).toBe(0);
  });

  it('fails as the deployment does where nobody answers', async () => {
    const datakit = defineDatakit({ name: 'silver-shop', layer: 'silver', tables: [Shop] });
    await using database = await open({ port: 1 });
    await expect(deployTo(datakit, database, { runId: 'alone' })).rejects.toMatchObject({ code: 'TARGET_UNREACHABLE' });
  });

  function open(changed: object = {}): Promise<TargetDatabase> {
    const place = { ...postgresDatabases(server).place('shop'), ...changed } as never;
    const where = { kind: 'place', place } as const;
    return TargetDatabase.open({ name: 'test', inMemory: false, where, workspaceRoot: '/', environment: {} });
  }

  /** The server forgets a session some time after its client has said good-bye. */
  async function sessionsOf(database: string): Promise<number> {
    const sql = `select count(*) from pg_stat_activity where datname = '${database}'`;
    for (let attempt = 0; attempt < 100; attempt++) {
      if (Number(await server.psql('postgres', sql)) === 0) return 0;
      await setTimeout(100);
    }
    return Number(await server.psql('postgres', sql));
  }
});
