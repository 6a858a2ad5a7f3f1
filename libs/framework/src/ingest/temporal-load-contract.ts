import { defineEntity, p } from '@mikro-orm/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { deployTo } from '../deploy/deploy.ts';
import type { WatchedServer } from '../engines/contract/places-contract.ts';
import { bronzeMetadata } from '../model/bronze-metadata.ts';
import { defineDatakit, type Datakit } from '../model/datakit.ts';
import { temporalTable } from '../model/mixins.ts';
import { postgresSource } from '../model/source-definition.ts';
import { table } from '../model/table.ts';
import { TargetDatabase } from '../targets/target-database.ts';
import { startPostgres, type TestPostgres } from '../testing/index.ts';
import { ingestInto } from './ingest.ts';

const Customer = defineEntity({
  name: 'Customer',
  tableName: 'customer',
  properties: {
    part: p.integer().primary(),
    code: p.string().length(20).primary(),
    name: p.text().nullable(),
    price: p.decimal().precision(12).scale(4).nullable(),
    ratio: p.double().nullable(),
    seen: p.datetime(6).nullable(),
    image: p.blob().nullable(),
    more: p.string().columnType('json').nullable(),
    phone: p.text().nullable(),
    ...bronzeMetadata,
    ...temporalTable,
  },
  primaryKeys: ['part', 'code'],
});

function datakitOf(...tables: Parameters<typeof defineDatakit>[0]['tables']): Datakit {
  const source = postgresSource({ system: 'shop', url: 'postgresql://set.by.the.test/shop' });
  return defineDatakit({ name: 'bronze-shop', layer: 'bronze', source, tables });
}

const shop = datakitOf(table(Customer, { history: { exclude: ['phone'] } }));

const made = `
  drop table if exists customer;
  create table customer (part integer, code varchar(20), name text, price numeric(12,4), ratio double precision, seen timestamptz(6), image bytea, more json, phone text);
  insert into customer values
    (1, 'a', 'Ann', 1.5, 0.1, '2020-01-01 00:00:00.123456+00', '\\x00ff', '{"a": 1}', '1'),
    (1, 'A', 'Bob ', null, 'infinity', null, null, null, null),
    (2, 'a', '', 0, 0, '1999-12-31 23:59:59+00', '', '[]', ''),
    (3, 'é', null, -1, 1e300, 'epoch', '\\x27', '"''"', '3');`;

/** A table that keeps its history is loaded by what differs. */
export function describeTemporalLoads(name: string, start: () => Promise<WatchedServer>): void {
  describe(`loads of a temporal table into ${name}`, () => {
    let server: WatchedServer;
    let source: TestPostgres;
    let database: TargetDatabase;
    let tests = 0;
    beforeAll(async () => {
      [server, source] = await Promise.all([start(), startPostgres({ version: 'embedded' })]);
    });
    afterAll(async () => {
      await source?.stop();
      await server?.stop();
    });
    beforeEach(async () => {
      await source.psql('postgres', server.engine.supportsSchemas ? made : made.replace("'infinity'", '2'));
      const where = { kind: 'place', place: server.place(`temporal_${++tests}`) } as const;
      database = await TargetDatabase.open({
        name: 'test',
        inMemory: false,
        where,
        workspaceRoot: '/',
        environment: {},
      });
    });
    afterEach(async () => {
      await database.drop();
      await database[Symbol.asyncDispose]();
    });

    async function load(datakit = shop): Promise<{ loadId: string; published: string | undefined }> {
      const result = await ingestInto(datakit, database, { runId: 'run', sourceUrl: source.url('postgres') });
      const [loaded] = result.tables;
      return { loadId: `${loaded?.loadId}`, published: loaded?.published };
    }

    async function query(sql: string): Promise<unknown[]> {
      const session = await database.connect();
      const { engine } = server;
      const inSchema = (each: string): string =>
        engine.quoteTable(
          engine.supportsSchemas ? { schema: 'bronze_shop', name: each } : { name: `bronze_shop_${each}` },
        );
      try {
        return await session.query(sql.replaceAll(/\{(\w+)\}/g, (_, each: string) => inSchema(each)));
      } finally {
        await database.disconnect(session);
      }
    }

    const history = (after = 0): Promise<unknown[]> =>
      query(
        `select operation_type as o, part, code, name from {customer__history} where history_id > ${after} order by part, code, history_id`,
      );

    it('write no history the second time, and leave every row as it was', async () => {
      await deployTo(shop, database, { runId: 'run' });
      const first = await load();
      expect(first.published).toMatch(/^insert/);
      expect(await history()).toHaveLength(4);
      const rows = await query('select * from {customer} order by part, code');
      expect(rows).toHaveLength(4);
      expect((await load()).published).toMatch(/^difference: 0 inserted, 0 updated, 0 deleted/);
      expect(await query('select * from {customer} order by part, code')).toEqual(rows);
      expect(await history()).toHaveLength(4);
    });

    it('write what became different, and say which load did', async () => {
      await deployTo(shop, database, { runId: 'run' });
      const first = await load();
      await source.psql(
        'postgres',
        `update customer set name = 'Bob' where code = 'A';
         update customer set phone = '9' where part = 2;
         delete from customer where part = 3;
         insert into customer (part, code, name) values (4, 'n', 'New');`,
      );
      const second = await load();
      expect(second.published).toMatch(/^difference: 1 inserted, 2 updated, 1 deleted/);
      expect(await history(4)).toEqual([
        { o: 'UPDATE', part: 1, code: 'A', name: 'Bob' },
        { o: 'DELETE', part: 3, code: 'é', name: null },
        { o: 'INSERT', part: 4, code: 'n', name: 'New' },
      ]);
      expect(
        await query('select part, code, name, phone, bronze_load_id as load_id from {customer} order by part, code'),
      ).toEqual([
        { part: 1, code: 'A', name: 'Bob', phone: null, load_id: second.loadId },
        { part: 1, code: 'a', name: 'Ann', phone: '1', load_id: first.loadId },
        { part: 2, code: 'a', name: '', phone: '9', load_id: second.loadId },
        { part: 4, code: 'n', name: 'New', phone: null, load_id: second.loadId },
      ]);
    });

    it('notice every change of a value', async () => {
      await deployTo(shop, database, { runId: 'run' });
      await load();
      const values = [
        [`name = 'ann'`, `price = 1.5001`, `ratio = 0.10000000000000002`, `more = '{"a":1}'`],
        [`name = 'ann '`, `seen = '2020-01-01 00:00:00.123457+00'`, `image = '\\x00fe'`],
        [`name = null`, `price = null`, `image = null`],
      ].flat();
      for (const [index, value] of values.entries()) {
        await source.psql('postgres', `update customer set ${value} where part = 1 and code = 'a'`);
        expect([value, (await load()).published]).toEqual([
          value,
          expect.stringMatching(/: 0 inserted, 1 updated, 0 deleted/),
        ]);
        expect(await history(4)).toHaveLength(index + 1);
      }
    });

    it('take the effective time from the source where it is said which column has it', async () => {
      const mapped = datakitOf(table(Customer, { source: { columns: { seen_at: 'effective_time' } } }));
      await source.psql(
        'postgres',
        `alter table customer add seen_at timestamptz(6) not null default '2020-05-05 00:00:00+00'`,
      );
      await deployTo(mapped, database, { runId: 'run' });
      await load(mapped);
      const year = 'substr(cast(effective_time as char(26)), 1, 4)';
      expect(await query(`select distinct ${year} as y from {customer__history}`)).toEqual([{ y: '2020' }]);
      await source.psql(
        'postgres',
        `update customer set name = 'x', seen_at = '2021-05-05 00:00:00+00' where part = 3`,
      );
      await load(mapped);
      expect(await query(`select ${year} as y, name from {customer__history} where history_id > 4`)).toEqual([
        { y: '2021', name: 'x' },
      ]);
    });

    it('are refused without a trigger, and for two rows of one key, and then leave everything as it was', async () => {
      await deployTo(shop, database, { runId: 'run' });
      await load();
      await source.psql('postgres', `insert into customer (part, code) values (1, 'a')`);
      await expect(load()).rejects.toMatchObject({ code: expect.stringMatching(/BAD_ROWS|TARGET_FAILED/) });
      expect(await history()).toHaveLength(4);
      const session = await database.connect();
      const trigger = `${server.engine.supportsSchemas ? '' : 'bronze_shop_'}customer__history_delete`;
      await session.execute(
        `drop trigger ${trigger}${server.engine.supportsSchemas ? ' on bronze_shop.customer' : ''}`,
      );
      await database.disconnect(session);
      await expect(load()).rejects.toMatchObject({
        code: 'DRIFT',
        message: expect.stringContaining(`customer.${trigger}: trigger missing`),
      });
    });
  });
}
