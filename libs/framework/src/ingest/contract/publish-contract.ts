import { defineEntity, p } from '@mikro-orm/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deployTo } from '../../deploy/deploy.ts';
import { createTrigger } from '../../engines/contract/hand-made-trigger-contract.ts';
import type { Engine } from '../../engines/engine.ts';
import type { WatchedServer } from '../../engines/contract/places-contract.ts';
import { connect, type PostgresSession } from '../../engines/postgres/connect.ts';
import { bronzeMetadata } from '../../model/bronze-metadata.ts';
import { defineDatakit, type Datakit } from '../../model/datakit.ts';
import type { LoadOptions } from '../../model/load-options.ts';
import { postgresSource } from '../../model/source-definition.ts';
import { table } from '../../model/table.ts';
import type { Session } from '../../engines/session.ts';
import { TargetDatabase } from '../../targets/target-database.ts';
import { ingestInto } from '../ingest.ts';
import type { IngestOptions } from '../ingest-request.ts';

const Kind = defineEntity({
  name: 'Kind',
  tableName: 'kind',
  properties: { id: p.integer().primary().autoincrement(false) },
});
const Pet = defineEntity({
  name: 'Pet',
  tableName: 'pet',
  properties: {
    id: p.integer().primary().autoincrement(false),
    name: p.string().length(40),
    changed: p.integer(),
    kind: () => p.manyToOne(Kind).fieldName('kind_id'),
    ...bronzeMetadata,
  },
});

const Marked = defineEntity({
  name: 'Pet',
  tableName: 'pet',
  properties: {
    id: p.integer().primary().autoincrement(false),
    name: p.string().length(40),
    changed: p.integer(),
    kind: () => p.manyToOne(Kind).fieldName('kind_id'),
    gone_at: p.datetime(6).nullable(),
    ...bronzeMetadata,
  },
});

function kitOf(load: LoadOptions = {}, entity: typeof Pet | typeof Marked = Pet): Datakit {
  return defineDatakit({
    name: 'bronze-pets',
    layer: 'bronze',
    source: postgresSource({ system: 'pets' }),
    tables: [Kind, table(entity, { load: load as never })],
  });
}

const incremental = { disposition: 'merge', cursor: { column: 'changed' } } as const;
/** Every way to publish; the rows of `after` are what it makes of Rex 1, Tom 2 and the source's Rex 1, Felix 2, Ada 3. */
const ways: readonly [string, LoadOptions, Partial<IngestOptions>, string[]][] = [
  ['replace', {}, {}, ['Rex', 'Felix', 'Ada']],
  ['merge', { disposition: 'merge' }, {}, ['Rex', 'Felix', 'Ada']],
  ['merge and delete', { disposition: 'merge', gone: 'delete' }, {}, ['Rex', 'Felix', 'Ada']],
  ['incremental merge', incremental, { mode: 'incremental' }, ['Rex', 'Felix', 'Ada']],
  ['incremental append', { ...incremental, disposition: 'append' }, { mode: 'incremental' }, ['Rex', 'Tom', 'Ada']],
  ['backfill', incremental, { from: '2', to: '4' }, ['Rex', 'Felix', 'Ada']],
  ['full refresh', incremental, { fullRefresh: true }, ['Rex', 'Felix', 'Ada']],
];

/** A published load changes rows and nothing else: what others hung on the table is there, and works. */
export function describePublish(name: string, start: () => Promise<WatchedServer>): void {
  describe(`a load published into ${name}`, () => {
    let server: WatchedServer;
    let source: PostgresSession;
    let target: TargetDatabase;
    let session: Session;
    const role = `datakit_test_reader_${process.pid}`;
    beforeAll(async () => {
      server = await start();
      source = await connect({ engine: 'postgres', ...server.source });
      await source.execute('create table kind (id integer primary key)');
      await source.execute('insert into kind values (1)');
      await source.execute(
        'create table pet (id integer primary key, name varchar(40) not null, changed integer not null, kind_id integer not null)',
      );
      const where = { kind: 'place', place: server.place('publish') } as const;
      const rest = { name: 'test', inMemory: false, protected: false, workspaceRoot: '/', environment: {} };
      target = await TargetDatabase.open({ ...rest, where });
      await deployTo(kitOf(), target, { runId: 'run' });
      session = await target.connect();
      await load({}, { tables: ['kind'] });
      await load({}, {}, 'Rex', 'Tom');
      await hangThingsOn(target.engine);
    });
    afterAll(async () => {
      if (session && target.engine.supportsGrants) await dropRole();
      await target?.drop();
      await target?.[Symbol.asyncDispose]();
      await source?.[Symbol.asyncDispose]();
      await server?.stop();
    });

    const named = (what: string): { schema?: string; name: string } =>
      target.engine.supportsSchemas ? { schema: 'bronze_pets', name: what } : { name: `bronze_pets_${what}` };
    const quoted = (what: string): string => target.engine.quoteTable(named(what));
    const texts = async (sql: string): Promise<unknown[]> =>
      (await session.query<{ text: unknown }>(sql)).map((row) => row.text);

    async function load(how: LoadOptions, options: Partial<IngestOptions>, ...names: string[]): Promise<unknown> {
      return await loadKit(kitOf(how), options, ...names);
    }

    async function loadKit(
      datakit: Datakit,
      options: Partial<IngestOptions>,
      ...names: string[]
    ): Promise<string | undefined> {
      await source.execute('truncate pet');
      for (const [index, pet] of names.entries())
        await source.execute('insert into pet values (?, ?, ?, 1)', [index + 1, pet, index + 1]);
      const { user, password, host, port, database } = server.source;
      const sourceUrl = `postgresql://${user}:${encodeURIComponent(password ?? '')}@${host}:${port}/${database}`;
      const request = { runId: 'run', sourceUrl, tables: ['pet'], ...options };
      return (await ingestInto(datakit, target, request)).tables[0]?.published;
    }

    async function hangThingsOn(engine: Engine): Promise<void> {
      for (const sql of [
        `create table ${quoted('log')} (text varchar(40))`,
        `create index by_name on ${quoted('pet')} (name)`,
        `create view ${quoted('names')} as select id, name from ${quoted('pet')}`,
        `create table ${quoted('toy')} (pet_id integer not null, constraint toy_of foreign key (pet_id) references ${quoted('pet')} (id))`,
        `insert into ${quoted('toy')} values (1)`,
        ...(engine.supportsGrants ? [`create role ${role}`, `grant select on ${quoted('pet')} to ${role}`] : []),
        ...commentOn(engine),
      ]) {
        await session.execute(sql);
      }
      await createTrigger(engine, session, { name: 'log_pet', table: named('pet'), log: named('log'), column: 'name' });
    }

    function commentOn(engine: Engine): string[] {
      if (!engine.supportsGrants) return [];
      return engine.supportsSchemas
        ? [`comment on table ${quoted('pet')} is 'ours'`]
        : [`alter table ${quoted('pet')} comment = 'ours'`];
    }

    async function dropRole(): Promise<void> {
      if (target.engine.supportsSchemas) await session.execute(`drop owned by ${role}`);
      await session.execute(`drop role ${role}`);
    }

    /** All that the catalogue knows, and the rights and the comment by themselves. */
    async function catalogue(): Promise<unknown[]> {
      const { engine } = target;
      // A stage is made and dropped, which the version of the schema counts.
      if (!engine.supportsConcurrentWriters) return session.query('select * from sqlite_schema order by name');
      const comment = engine.supportsSchemas
        ? `select obj_description('bronze_pets.pet'::regclass) as text`
        : `select table_comment as text from information_schema.tables where table_schema = database() and table_name = 'bronze_pets_pet'`;
      const rights = engine.supportsSchemas
        ? `select privilege_type as text from information_schema.role_table_grants where grantee = '${role}'`
        : `select table_priv as text from mysql.tables_priv where user = '${role}' and db = database()`;
      const found = [...(await texts(comment)), ...(engine.supportsGrants ? await texts(rights) : [])];
      expect(found.map((each) => String(each).toLowerCase())).toEqual(['ours', 'select']);
      return session.query(server.catalogueState);
    }

    it.each(ways)('by %s keeps what somebody hung on the table, and it works', async (_, how, options, after) => {
      await load({}, { fullRefresh: true }, 'Rex', 'Tom');
      if (options.mode === 'incremental') await load(how, options, 'Rex', 'Tom');
      await session.execute(`delete from ${quoted('log')}`);
      const before = await catalogue();

      await load(how, options, 'Rex', 'Felix', 'Ada');

      expect(await catalogue()).toEqual(before);
      expect(await texts(`select name as text from ${quoted('names')} order by id`)).toEqual(after);
      expect(await texts(`select text from ${quoted('log')}`)).toContain('Ada');
      expect(await texts(`select pet_id as text from ${quoted('toy')}`)).toEqual([1]);
      await expect(session.execute(`delete from ${quoted('pet')} where id = 1`)).rejects.toMatchObject({
        code: 'TARGET_FAILED',
      });
      await expect(session.execute(`insert into ${quoted('toy')} values (77)`)).rejects.toMatchObject({
        code: 'TARGET_FAILED',
      });
    });

    it('leaves the old rows where one that is gone is referred to', async () => {
      await load({}, { fullRefresh: true }, 'Rex', 'Tom');
      await source.execute('delete from pet where id = 1');
      const { user, password, host, port, database } = server.source;
      const sourceUrl = `postgresql://${user}:${encodeURIComponent(password ?? '')}@${host}:${port}/${database}`;
      await source.execute(`insert into pet values (5, 'New', 5, 1)`);
      await expect(ingestInto(kitOf(), target, { runId: 'run', sourceUrl, tables: ['pet'] })).rejects.toMatchObject({
        code: 'TARGET_FAILED',
      });
      expect(await texts(`select name as text from ${quoted('names')} order by id`)).toEqual(['Rex', 'Tom']);
    });

    it('by delete and insert, where nothing refers to the rows, keeps it, too', async () => {
      await session.execute(`drop table ${quoted('toy')}`);
      const before = await catalogue();
      expect(await load({}, {}, 'Rex', 'Felix')).toMatch(/^delete and insert/);
      expect(await catalogue()).toEqual(before);
      expect(await texts(`select name as text from ${quoted('names')} order by id`)).toEqual(['Rex', 'Felix']);
    });

    it('by merge that marks what is gone keeps it, too', async () => {
      const marking = kitOf({ disposition: 'merge', gone: { mark: 'gone_at' } }, Marked);
      await deployTo(marking, target, { runId: 'run' });
      await loadKit(marking, {}, 'Rex', 'Tom', 'Eve');
      const before = await catalogue();

      expect(await loadKit(marking, {}, 'Rex', 'Felix')).toContain('1 marked as gone');

      expect(await catalogue()).toEqual(before);
      expect(await texts(`select name as text from ${quoted('names')} order by id`)).toEqual(['Rex', 'Felix', 'Eve']);
      expect(await texts(`select id as text from ${quoted('pet')} where gone_at is not null`)).toEqual([3]);
    });
  });
}
