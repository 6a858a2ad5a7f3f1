import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineEntity, p } from '@mikro-orm/core';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { ContainerEngine } from '../engines/container-defaults.ts';
import { bronzeMetadata } from '../model/bronze-metadata.ts';
import { defineDatakit, type Datakit } from '../model/datakit.ts';
import { postgresSource } from '../model/source-definition.ts';
import { predefinedTargets } from '../targets/predefined-targets.ts';
import { resolveTarget, type ResolvedTarget } from '../targets/resolve-target.ts';
import { TargetDatabase } from '../targets/target-database.ts';
import { freePort } from '../testing/guarded-server.ts';
import {
  containersOf,
  describeWith,
  outputOf,
  startContainer,
  startPostgres,
  type TestPostgres,
} from '../testing/index.ts';
import { cleanUp, deploy, ingest, validate } from './functional-api.ts';
import { inspectTargets } from './inspect-targets.ts';

const Film = defineEntity({
  name: 'Film',
  tableName: 'film',
  properties: {
    id: p.integer().primary(),
    title: p.text(),
    price: p.decimal().precision(9).scale(2),
    ...bronzeMetadata,
  },
});

/** What the engine's own client in the container prints. */
const clients: Record<ContainerEngine, (database: string, sql: string) => string[]> = {
  postgres: (database, sql) => ['psql', '-U', 'postgres', '-Atc', sql, database],
  mysql: (database, sql) => ['mysql', '-uroot', '-ptest_pass', '-Ne', sql, database],
  mariadb: (database, sql) => ['mariadb', '-uroot', '-ptest_pass', '-Ne', sql, database],
};

// Docker's slowest storage driver copies whole images, and a test starts up to three containers.
jest.setTimeout(300_000);

describeWith(['docker', 'postgres'], 'a container target', () => {
  let source: TestPostgres;
  let folder: string;
  let shop: Datakit;
  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'datakit-containers-')));
    process.env['DATAKIT_HOME'] = join(folder, 'home');
    source = await startPostgres();
    await source.psql(
      'postgres',
      `create table film (id int primary key, title text not null, price numeric(9,2) not null);
       insert into film select i, 'Füm ' || i, i * 1.01 from generate_series(1, 1000) as i`,
    );
    const url = source.url('postgres');
    shop = defineDatakit({
      name: 'bronze-shop',
      layer: 'bronze',
      tables: [Film],
      source: postgresSource({ system: 'shop', url, schema: 'public' }),
    });
  });
  afterAll(async () => {
    delete process.env['DATAKIT_HOME'];
    await source?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The predefined target, looking for somebody's server at a port that no other test and no user of the machine has. */
  function target(name: string, port: number): ResolvedTarget {
    const targets = { [name]: { port } };
    return resolveTarget({ name }, { workspaceRoot: folder, targets });
  }

  it.each<[string, ContainerEngine, string]>([
    ['postgres_container', 'postgres', 'bronze_shop.film'],
    ['mysql_container', 'mysql', 'bronze_shop_film'],
    ['mariadb_container', 'mariadb', 'bronze_shop_film'],
  ])('%s starts, takes tables and rows, and is gone afterwards', async (name, type, table) => {
    const notes: string[] = [];
    const port = await freePort();
    const database = await TargetDatabase.open(target(name, port), { onNote: (note) => notes.push(note) });
    try {
      const [id = '', ...others] = await containersOf(join(folder, 'home'));
      expect(others).toEqual([]);
      expect(await deploy(shop, database)).toMatchObject({ applied: true, createdDatabase: true });
      expect(await ingest(shop, database)).toMatchObject({ tables: [{ read: 1000, loaded: 1000 }] });
      expect(await validate(shop, database)).toMatchObject({ findings: [] });
      const count = `select count(*), sum(price), min(title) from ${table}`;
      const counted = await outputOf('docker', ['exec', id, ...clients[type]('datakit', count)]);
      expect(counted.split(/\s*[|\t]/)).toEqual(['1000', '505505.00', 'Füm 1']);
      expect(notes).toEqual([`Nothing answers at localhost:${port}: using a container of ${imageOf(name)}.`]);
    } finally {
      await database[Symbol.asyncDispose]();
    }
    expect(await containersOf(join(folder, 'home'))).toEqual([]);
  });

  it.each<[string, ContainerEngine, string]>([
    ['postgres_container', 'postgres', `select count(*) from pg_database where datname = 'datakit'`],
    ['mysql_container', 'mysql', `select count(*) from information_schema.schemata where schema_name = 'datakit'`],
  ])('%s uses a server that somebody started as it is, and cleans up nothing else', async (name, type, count) => {
    await using server = await startContainer(type, folder);
    const resolved = target(name, server.port);
    const ask = (sql: string): Promise<string> =>
      outputOf('docker', ['exec', server.id, ...clients[type](type === 'postgres' ? 'postgres' : 'mysql', sql)]);
    {
      // Right after `docker run`, while the server still makes its files.
      await using database = await TargetDatabase.open(resolved);
      expect(database.place).toMatchObject({ host: 'localhost', port: server.port });
      await deploy(shop, database);
      expect(await ask(count)).toBe('1');
      const [state] = (
        await inspectTargets({ workspaceRoot: folder, targets: { [name]: { port: server.port } } })
      ).filter((found) => found.name === name);
      expect(state).toMatchObject({ state: 'ready', kind: 'disposable', image: imageOf(name) });
      expect(await cleanUp(database)).toMatchObject({ droppedDatabase: true });
    }
    expect(await ask(count)).toBe('0');
    expect(await server.isRunning()).toBe(true);
    expect(await containersOf(join(folder, 'home'))).toEqual([]);
  });

  function imageOf(name: string): string {
    return predefinedTargets[name as 'postgres_container'].container.image;
  }
});
