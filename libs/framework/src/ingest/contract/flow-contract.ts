import { defineEntity, p } from '@mikro-orm/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import type { WatchedServer } from '../../engines/contract/places-contract.ts';
import { Ledger } from '../../ledger/ledger.ts';
import { incremental, rebuild, view } from '../../model/build.ts';
import { defineDatakit, type Datakit } from '../../model/datakit.ts';
import { reconciles, relationship, upToDate } from '../../model/expectations.ts';
import { postgresSource } from '../../model/source-definition.ts';
import { table } from '../../model/table.ts';
import { validateTarget } from '../../validate/validate.ts';
import { ingestInto } from '../ingest.ts';
import { openBuildPlace, type BuildPlace } from './build-place.ts';

const Order = defineEntity({
  name: 'Order',
  tableName: 'order',
  properties: {
    order_id: p.integer().primary(),
    customer: p.text().nullable(),
    price: p.decimal().precision(9).scale(2),
  },
});
const bronze = defineDatakit({
  name: 'bronze-flow',
  layer: 'bronze',
  source: postgresSource({ system: 'shop', url: 'postgresql://nobody.reads.this/shop' }),
  tables: [Order],
});
const Sale = defineEntity({
  name: 'FlowSale',
  tableName: 'sale',
  properties: { order_id: p.integer().primary(), customer: p.text() },
});
const silver = defineDatakit({
  name: 'silver-flow',
  layer: 'silver',
  tables: [
    table(Sale, {
      expect: [
        relationship('order_id', Order),
        reconciles(Order, {
          leavesOut: {
            'sold for nothing': (_, { compare }) => compare('row.price', '=', '0.00'),
            'a test': (row) => row('customer', '=', 'test'),
          },
          severity: 'warn',
        }),
      ],
      build: rebuild(
        { o: Order },
        (from, { compare }) =>
          from
            .selectFrom('o')
            .where(compare('o.price', '>', 0))
            .where((eb) => eb.or([eb('o.customer', 'is', null), eb('o.customer', '!=', 'test')]))
            .select((eb) => ['o.order_id', eb.ref('o.customer').$notNull().as('customer')]),
        { quarantine: { 'of nobody': (row) => row('customer', 'is', null) } },
      ),
    }),
  ],
});
const PerCustomer = defineEntity({
  name: 'PerCustomer',
  tableName: 'per_customer',
  properties: { customer: p.string().length(20).primary(), orders: p.integer() },
});
const AllSales = defineEntity({
  name: 'AllSales',
  tableName: 'all_sales',
  properties: { order_id: p.integer().primary() },
});
const gold = defineDatakit({
  name: 'gold-flow',
  layer: 'gold',
  tables: [
    table(AllSales, { build: view({ s: Sale }, (from) => from.selectFrom('s').select(['s.order_id'])) }),
    table(PerCustomer, {
      expect: [upToDate({ maxAge: '2 days' })],
      build: rebuild({ s: Sale, a: AllSales }, (from) =>
        from
          .selectFrom('s')
          .innerJoin('a', 'a.order_id', 's.order_id')
          .groupBy('s.customer')
          .select((eb) => ['s.customer', eb.fn.countAll<number>().as('orders')]),
      ),
    }),
  ],
});

/** What flows from layer to layer is counted at both ends, and has an age. */
export function describeFlow(name: string, start: () => Promise<WatchedServer>): void {
  describe(`checks between layers on ${name}`, () => {
    let server: WatchedServer;
    let place: BuildPlace;
    beforeAll(async () => void (server = await start()));
    afterAll(async () => server?.stop());
    beforeEach(async () => {
      place = await openBuildPlace(server, 'flow', [bronze, silver, gold]);
      await place.query(
        `insert into {bronze_flow.order} (order_id, customer, price) values (1, 'Ann', '5.00'), (2, null, '1.00'), (3, 'Bob', '0.00'), (4, 'test', '9.00'), (5, 'Ann', '0.01')`,
      );
      await read();
      await build(silver);
      await build(gold);
    });
    afterEach(() => place.drop());

    const build = (datakit: Datakit) => ingestInto(datakit, place.database, { runId: 'run' });
    /** As if a load from the source had been published. */
    async function read(daysAgo = 0): Promise<void> {
      const session = await place.database.connect();
      try {
        await new Ledger(server.engine, session).loads.record({
          ...{
            loadId: uuidV7(),
            runId: 'run',
            datakit: 'bronze-flow',
            table: 'order',
          },
          ...{ sourceSystem: 'shop', sourceTable: 'order', sourceHost: 'localhost', extractionMethod: 'full_snapshot' },
          ...{ disposition: 'replace', published: 'insert', formats: ['table'], definition: '' },
          ...{ rowsRead: 5, rowsLoaded: 5, rowsQuarantined: 0, bytes: 0 },
          startedAt: new Date(Date.now() - daysAgo * 86_400_000).toISOString().replace('Z', '000Z'),
        });
      } finally {
        await place.database.disconnect(session);
      }
    }
    const findings = async (datakit: Datakit, ...checks: ('data' | 'freshness')[]) =>
      (await validateTarget(datakit, place.database, { checks })).findings;

    it('find nothing where every row is accounted for, and count what was set aside', async () => {
      expect(await findings(silver, 'data')).toEqual([
        {
          ...{ check: 'quarantine', severity: 'warn', object: 'sale', kind: 'of nobody', expected: null },
          ...{ found: '1 of 3 rows in quarantine', failed: 1 },
        },
      ]);
      expect(await findings(gold, 'data', 'freshness')).toEqual([]);
    });

    it('find rows that got lost on the way, and keys whose parent is gone', async () => {
      await place.query('delete from {silver_flow.sale} where order_id = 1');
      await place.query('delete from {bronze_flow.order} where order_id = 5');
      await place.query(
        `insert into {bronze_flow.order} (order_id, customer, price) values (6, 'Cid', '1.00'), (7, 'Dan', '1.00')`,
      );
      expect(await findings(silver, 'data')).toMatchObject([
        { check: 'relationship', object: 'sale.order_id', kind: 'no parent', failed: 1 },
        {
          ...{ check: 'reconciles', severity: 'warn', object: 'sale', kind: 'rows lost or doubled' },
          ...{ expected: 'every row of bronze-flow.order', failed: 2 },
          found: '6 rows in, 1 out, 2 left out, 1 in quarantine',
        },
        { check: 'quarantine' },
      ]);
    });

    it('are audited before a build is published', async () => {
      const strict = defineDatakit({
        name: 'silver-strict',
        layer: 'silver',
        schema: 'silver_flow',
        tables: [
          table(
            defineEntity({
              name: 'StrictSale',
              tableName: 'sale',
              properties: { order_id: p.integer().primary(), customer: p.text() },
            }),
            {
              expect: [reconciles(Order)],
              build: rebuild({ o: Order }, (from) =>
                from
                  .selectFrom('o')
                  .where('o.customer', 'is not', null)
                  .select((eb) => ['o.order_id', eb.ref('o.customer').$notNull().as('customer')]),
              ),
            },
          ),
        ],
      });
      await expect(build(strict)).rejects.toMatchObject({
        code: 'CHECK_FAILED',
        message: expect.stringContaining('5 rows in, 4 out, 0 left out, 0 in quarantine'),
      });
      expect(await place.texts('{silver_flow.sale}', ['order_id'], 'order_id')).toEqual(['1', '5']);
    });

    it('follow a table down to its source', async () => {
      await read(3);
      expect(await findings(gold, 'freshness')).toMatchObject([
        {
          check: 'upToDate',
          severity: 'error',
          object: 'per_customer',
          kind: 'stale',
          found: 'silver-flow.sale was built before the last load of bronze-flow.order',
        },
        { check: 'upToDate', found: 'bronze-flow.order was read 3 days ago' },
      ]);
      expect(await findings(gold, 'data')).toEqual([]);
    });

    it('are refused for what cannot be counted', async () => {
      const Log = defineEntity({ name: 'Log', tableName: 'log', properties: { order_id: p.integer().primary() } });
      const log = defineDatakit({
        name: 'silver-log',
        layer: 'silver',
        tables: [
          table(Log, {
            expect: [reconciles(Order)],
            build: incremental({ o: Order }, {}, (from) => from.selectFrom('o').select(['o.order_id'])),
          }),
        ],
      });
      await expect(build(log)).rejects.toMatchObject({
        code: 'DATAKIT_INVALID',
        message: expect.stringContaining('incremental'),
      });
    });
  });
}
