import { defineEntity, p } from '@mikro-orm/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { deployTo } from '../deploy/deploy.ts';
import { sqliteFiles, type WatchedServer } from '../engines/contract/places-contract.ts';
import { Ledger } from '../ledger/ledger.ts';
import { incremental, rebuild, type AnyBuild } from '../model/build.ts';
import { defineDatakit, type Datakit } from '../model/datakit.ts';
import type { AnyEntity } from '../model/entity.ts';
import { postgresSource } from '../model/source-definition.ts';
import { table } from '../model/table.ts';
import { TargetDatabase } from '../targets/target-database.ts';
import { ingestInto } from './ingest.ts';

const Sale = defineEntity({
  name: 'Sale',
  tableName: 'sale',
  properties: { sale_id: p.integer().primary(), amount: p.decimal().precision(8).scale(2), any: p.decimal() },
});
const source = postgresSource({ system: 'shop', url: 'postgresql://nobody.reads.this/shop' });
const bronze = defineDatakit({ name: 'bronze-refused', layer: 'bronze', source, tables: [Sale] });
const Copy = defineEntity({
  name: 'Copy',
  tableName: 'copy',
  properties: { sale_id: p.integer().primary(), amount: p.decimal().precision(8).scale(2) },
});
const Other = defineEntity({ name: 'Other', tableName: 'other', properties: { sale_id: p.integer().primary() } });

/** Builds that JavaScript lets through, or that only the state of the target refuses. */
function silver(build: unknown, ...others: [AnyEntity, unknown][]): Datakit {
  const tables = [[Copy, build] as const, ...others].map(([entity, each]) => table(entity, { build: each as never }));
  return defineDatakit({ name: 'silver-refused', layer: 'silver', tables });
}

const plain = rebuild({ s: Sale }, (from) => from.selectFrom('s').select(['s.sale_id', 's.amount']));

const newByNothing = incremental({ s: Sale }, { newBy: 'day' }, (from) =>
  from.selectFrom('s').select(['s.sale_id', 's.amount']),
);
const lateNumber = incremental({ s: Sale }, { newBy: 'sale_id', lag: '1 day' }, (from) =>
  from.selectFrom('s').select(['s.sale_id', 's.amount']),
);

describe('a build is refused', () => {
  let server: WatchedServer;
  let database: TargetDatabase;
  beforeAll(() => void (server = sqliteFiles()));
  afterAll(() => server.stop());
  beforeEach(async () => {
    const where = { kind: 'place', place: server.place('refused') } as const;
    database = await TargetDatabase.open({ name: 'test', inMemory: false, where, workspaceRoot: '/', environment: {} });
  });
  afterEach(async () => {
    await database.drop();
    await database[Symbol.asyncDispose]();
  });

  const build = (datakit: Datakit) => ingestInto(datakit, database, { runId: 'run' });
  async function refusal(datakit: Datakit): Promise<unknown> {
    for (const each of [bronze, datakit]) await deployTo(each, database, { runId: 'run' });
    const session = await database.connect();
    const load = { datakit: 'bronze-refused', table: 'sale', sourceSystem: '', sourceTable: '', sourceHost: '' };
    const way = {
      extractionMethod: '',
      disposition: 'replace',
      published: 'insert',
      formats: ['table'],
      definition: '',
    };
    const counts = { rowsRead: 0, rowsLoaded: 0, rowsQuarantined: 0, bytes: 0 };
    const startedAt = '2026-01-01T00:00:00.000000Z';
    await new Ledger(server.engine, session).loads.record({
      ...{ loadId: 'id', runId: 'run', startedAt },
      ...load,
      ...way,
      ...counts,
    });
    await database.disconnect(session);
    return build(datakit).catch((error: unknown) => error);
  }

  it('where the target does not hold what it reads', async () => {
    await deployTo(silver(plain), database, { runId: 'run' });
    await expect(build(silver(plain))).rejects.toMatchObject({
      code: 'NOT_DEPLOYED',
      message: expect.stringContaining('bronze-refused.sale'),
    });
    await deployTo(bronze, database, { runId: 'run' });
    await expect(build(silver(plain))).rejects.toMatchObject({
      code: 'NOT_LOADED',
      message: expect.stringContaining('bronze-refused.sale'),
      hint: expect.stringContaining('"bronze-refused"'),
    });
  });

  it('where tables read each other in a circle', async () => {
    const first = rebuild({ o: Other }, (from) => from.selectFrom('o').select(['o.sale_id']));
    const second = rebuild({ c: Copy }, (from) => from.selectFrom('c').select(['c.sale_id']));
    const circle = silver(first, [Other, second]);
    await expect(build(circle)).rejects.toMatchObject({
      code: 'CYCLE',
      message: expect.stringContaining('copy → other → copy'),
    });
  });

  it.each<[string, unknown, string]>([
    [
      'gives a column that the table does not have',
      rebuild({ s: Sale }, (from) => from.selectFrom('s').select(['s.sale_id', 's.amount', 's.any'])),
      '"any"',
    ],
    [
      'leaves one out',
      rebuild({ s: Sale }, (from) => from.selectFrom('s').select(['s.sale_id'])),
      'does not give "amount"',
    ],
    [
      'gives one twice',
      rebuild({ s: Sale }, (from) => from.selectFrom('s').select(['s.sale_id', 's.amount', 's.sale_id'])),
      'twice',
    ],
    [
      'compares decimals that are texts',
      rebuild({ s: Sale }, (from) => from.selectFrom('s').where('s.amount', '>', '5').selectAll()),
      'compare()',
    ],
    [
      'adds decimals of no known scale',
      rebuild({ s: Sale }, (from, { sum }) => from.selectFrom('s').select([sum('s.any').as('amount')])),
      'digits',
    ],
    [
      'names a column that is not there',
      rebuild({ s: Sale }, (from, { month }) => from.selectFrom('s').select([month('s.day' as never).as('amount')])),
      '"s.day"',
    ],
    [
      'holds what is no value',
      rebuild({ s: Sale }, (from) =>
        from
          .selectFrom('s')
          .where('s.amount', '=', Symbol('x') as never)
          .selectAll(),
      ),
      'symbol',
    ],
    ['is new by no column', newByNothing, '"day"'],
    ['has a lag for a number', lateNumber, 'lag'],
  ])('whose query %s', async (_, refused, words) => {
    const error = (await refusal(silver(refused as AnyBuild))) as { code: string; message: string; hint: string };
    expect(error).toMatchObject({ code: 'DATAKIT_INVALID' });
    expect(`${error.message} ${error.hint}`).toContain(words);
  });

  it('beside a source', () => {
    expect(() =>
      defineDatakit({ name: 'bronze-both', layer: 'bronze', source, tables: [table(Copy, { build: plain })] }),
    ).toThrow(expect.objectContaining({ code: 'DATAKIT_INVALID' }));
  });
});
