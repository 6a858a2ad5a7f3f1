import { defineEntity, p } from '@mikro-orm/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deployTo } from '../../deploy/deploy.ts';
import { createTrigger } from '../../engines/contract/hand-made-trigger-contract.ts';
import type { WatchedServer } from '../../engines/contract/places-contract.ts';
import { connect, type PostgresSession } from '../../engines/postgres/connect.ts';
import { bronzeMetadata } from '../../model/bronze-metadata.ts';
import { defineDatakit } from '../../model/datakit.ts';
import { postgresSource } from '../../model/source-definition.ts';
import { TargetDatabase } from '../../targets/target-database.ts';
import { ingestInto } from '../ingest.ts';

const Pet = defineEntity({
  name: 'Pet',
  tableName: 'pet',
  properties: { id: p.integer().primary().autoincrement(false), name: p.string().length(40), ...bronzeMetadata },
});
const kit = defineDatakit({
  name: 'bronze-pets',
  layer: 'bronze',
  source: postgresSource({ system: 'pets' }),
  tables: [Pet],
});

/** A published load changes rows and nothing else: what others hung on the table is there, and works. */
export function describePublish(name: string, start: () => Promise<WatchedServer>): void {
  describe(`a load published into ${name}`, () => {
    let server: WatchedServer;
    let source: PostgresSession;
    let target: TargetDatabase;
    beforeAll(async () => {
      server = await start();
      source = await connect({ engine: 'postgres', ...server.source });
      await source.execute('create table pet (id integer primary key, name varchar(40) not null)');
      const where = { kind: 'place', place: server.place('publish') } as const;
      const rest = { name: 'test', inMemory: false, protected: false, workspaceRoot: '/', environment: {} };
      target = await TargetDatabase.open({ ...rest, where });
      await deployTo(kit, target, { runId: 'run' });
    });
    afterAll(async () => {
      await target?.drop();
      await target?.[Symbol.asyncDispose]();
      await source?.[Symbol.asyncDispose]();
      await server?.stop();
    });

    const load = async (...names: string[]): Promise<void> => {
      await source.execute('truncate pet');
      for (const [id, pet] of names.entries()) await source.execute('insert into pet values (?, ?)', [id, pet]);
      const { user, password, host, port, database } = server.source;
      const sourceUrl = `postgresql://${user}:${encodeURIComponent(password ?? '')}@${host}:${port}/${database}`;
      await ingestInto(kit, target, { runId: 'run', sourceUrl });
    };

    it('keeps a view, a trigger and an index that somebody made, and the catalogue as it was', async () => {
      const { engine } = target;
      const session = await target.connect();
      const pet = engine.supportsSchemas ? { schema: 'bronze_pets', name: 'pet' } : { name: 'bronze_pets_pet' };
      const beside = (what: string): string => engine.quoteTable({ ...pet, name: what });
      await load('Rex', 'Tom');
      await session.execute(`create table ${beside('log')} (text varchar(40))`);
      await session.execute(`create index by_name on ${engine.quoteTable(pet)} (name)`);
      await session.execute(`create view ${beside('names')} as select id, name from ${engine.quoteTable(pet)}`);
      const log = { ...pet, name: 'log' };
      await createTrigger(engine, session, { name: 'log_pet', table: pet, log, column: 'name' });
      const before = await session.query(server.catalogueState);

      await load('Rex', 'Felix', 'Ada');

      expect(await session.query(server.catalogueState)).toEqual(before);
      const names = await session.query<{ name: string }>(`select name from ${beside('names')} order by id`);
      expect(names.map((row) => row.name)).toEqual(['Rex', 'Felix', 'Ada']);
      const logged = await session.query<{ text: string }>(`select text from ${beside('log')} order by text`);
      expect(logged.map((row) => row.text)).toEqual(['Ada', 'Felix', 'Rex']);
    });
  });
}
