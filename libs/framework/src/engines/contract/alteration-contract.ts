import { defineEntity, p } from '@mikro-orm/core';
import { describe, expect, it } from '@jest/globals';
import type { Datakit } from '../../model/datakit.ts';
import { planDeployment } from '../../deploy/plan-deployment.ts';
import { Ledger } from '../../ledger/ledger.ts';
import { datakitOf } from './contract-fixture.ts';
import { createTrigger } from './hand-made-trigger-contract.ts';
import { contractDatabase, type ContractDatabase, type ContractServer } from './contract-server.ts';
import { differencesFrom, structuresOf } from './structure-steps-contract.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- property builders of every type
type Properties = Record<string, any>;
type Options = { indexes?: object[]; uniques?: object[]; checks?: object[]; parent?: boolean; primaryKeys?: string[] };

const always: Properties = { id: p.integer().primary().autoincrement(false), kept: p.text().nullable() };

/** A table under change, the table that it may point to, and one whose rows point to it. */
function version(schema: string, properties: Properties, options: Options = {}): Datakit {
  const Parent = defineEntity({
    name: 'Parent',
    tableName: 'parent',
    properties: { id: p.integer().primary().autoincrement(false) },
  });
  const Thing = defineEntity({
    name: 'Thing',
    tableName: 'thing',
    properties: {
      ...always,
      ...properties,
      ...(options.parent ? { parent: () => p.manyToOne(Parent).nullable() } : {}),
    },
    ...(options as object),
  });
  const Child = defineEntity({
    name: 'Child',
    tableName: 'child',
    properties: {
      id: p.integer().primary().autoincrement(false),
      thing: () => p.manyToOne(Thing).deleteRule('cascade'),
    },
  });
  return datakitOf([Parent, Thing, Child], schema);
}

/** Each takes a live table with rows from one declaration to another. */
const alterations: readonly [string, [Properties, Options?], [Properties, Options?]][] = [
  ['an index and its column that go', [{ v: p.text().nullable().index() }], [{}]],
  ['a unique column that goes', [{ v: p.text().nullable().unique() }], [{}]],
  ['a checked column that goes', [{ v: p.integer().nullable().check('v > 0') }], [{}]],
  ['a relation that goes', [{}, { parent: true }], [{}]],
  ['a relation that comes', [{}], [{}, { parent: true }]],
  ['a new column', [{}], [{ v: p.text().nullable() }]],
  ['a new column with a default', [{}], [{ v: p.text().default("it's") }]],
  ['a new column that is now()', [{}], [{ v: p.datetime(6).defaultRaw('now()') }]],
  ['a new unique column', [{}], [{ v: p.text().nullable().unique() }]],
  ['a wider integer', [{ v: p.smallint().default(5) }], [{ v: p.bigint().default(6) }]],
  ['an integer that becomes text', [{ v: p.integer().default(5) }], [{ v: p.text().default('5') }]],
  ['a text that becomes an integer', [{ v: p.text().default('5') }], [{ v: p.integer() }]],
  [
    'a text that becomes numeric',
    [{ v: p.text().default('5') }],
    [{ v: p.decimal().precision(5).scale(2).default('0.5') }],
  ],
  ['a column that becomes optional', [{ v: p.integer().default(1) }], [{ v: p.integer().nullable() }]],
  ['a column that becomes required', [{ v: p.integer().nullable().default(1) }], [{ v: p.integer().default(1) }]],
  ['another default', [{ v: p.text().default('a') }], [{ v: p.text().default('B') }]],
  ['another enum', [{ v: p.enum(['a', 'b']).default('a') }], [{ v: p.enum(['a', 'b', "c'"]).default('a') }]],
  [
    'another check',
    [{}, { checks: [{ name: 'c', expression: 'id > 0' }] }],
    [{}, { checks: [{ name: 'c', expression: 'id > -1' }] }],
  ],
  [
    'an index that becomes unique',
    [{}, { indexes: [{ name: 'i', properties: ['id', 'kept'] }] }],
    [{}, { uniques: [{ name: 'i', properties: ['id', 'kept'] }] }],
  ],
  [
    'an index over other columns',
    [{}, { indexes: [{ name: 'i', properties: ['kept'] }] }],
    [{}, { indexes: [{ name: 'i', properties: ['kept', 'id'] }] }],
  ],
  [
    'everything at once',
    [{ a: p.text().nullable().index(), b: p.integer().default(1) }, { parent: true }],
    [{ c: p.text().default('x').index(), b: p.text().nullable() }],
  ],
];

/** A live table can be changed, and what hangs on it stays. */
export function alterationContract(server: () => ContractServer): void {
  describe('a table with rows', () => {
    const database = contractDatabase(server, 'alterations');

    it.each(alterations.map((each, index) => [...each, index] as const))(
      'takes %s',
      async (_, before, after, index) => {
        const schema = `v${index}`;
        await deploy(version(schema, ...before), database());
        const { engine, session } = database();
        const [parent, thing, child] = structuresOf(version(schema, ...before), database()).map(({ table }) =>
          engine.quoteTable(table),
        );
        await session.execute(`insert into ${parent} (id) values (1)`);
        for (const id of [1, 2])
          await session.execute(`insert into ${thing} (id, kept) values (?, ?)`, [id, `row ${id}`]);
        await session.execute(`insert into ${child} (id, thing) values (1, 2)`);

        await deploy(version(schema, ...after), database());
        expect(await differencesFrom(version(schema, ...after), database())).toEqual([]);
        expect(await statementsTo(version(schema, ...after), database())).toEqual([]);
        expect(await session.query(`select id, kept from ${thing} order by id`)).toEqual([
          { id: 1, kept: 'row 1' },
          { id: 2, kept: 'row 2' },
        ]);
        expect(await session.query(`select thing from ${child}`)).toEqual([{ thing: 2 }]);
        await expect(session.execute(`insert into ${child} (id, thing) values (2, 99)`)).rejects.toMatchObject({
          code: 'TARGET_FAILED',
        });
      },
    );

    it('keeps a view, a trigger, an index and a column that somebody made by hand', async () => {
      const { engine, session } = database();
      const [, { table }] = structuresOf(version('kept', {}), database()) as [
        unknown,
        { table: { name: string; schema?: string } },
      ];
      await deploy(version('kept', { v: p.integer().default(1) }), database());
      const quoted = engine.quoteTable(table);
      const beside = (name: string): string => engine.quoteTable({ ...table, name });
      await session.execute(`create table ${beside('log')} (text text)`);
      await session.execute(`alter table ${quoted} add column by_hand varchar(20) default 'mine'`);
      await session.execute(`create index by_hand_index on ${quoted} (by_hand)`);
      await session.execute(`create view ${beside('by_hand_view')} as select id, kept, by_hand from ${quoted}`);
      const log = { ...table, name: 'log' };
      await createTrigger(engine, session, { name: 'log_row', table, log, column: 'kept' });
      await session.execute(`insert into ${quoted} (id, kept) values (1, 'before')`);

      await deploy(version('kept', { v: p.integer().nullable(), w: p.text().default('new') }), database());
      await session.execute(`insert into ${quoted} (id, kept) values (2, 'after')`);
      expect(await session.query(`select id, kept, by_hand from ${beside('by_hand_view')} order by id`)).toEqual([
        { id: 1, kept: 'before', by_hand: 'mine' },
        { id: 2, kept: 'after', by_hand: 'mine' },
      ]);
      expect(await session.query(`select text from ${beside('log')}`)).toEqual([{ text: 'before' }, { text: 'after' }]);
      const [live] = await engine.readTables(session, [table]);
      expect(live?.indexes.map(({ name }) => name)).toContain('by_hand_index');
    });

    it('rolls every change back with the transaction, where the engine can', async () => {
      const { engine, session } = database();
      if (!engine.supportsTransactionalDdl) return;
      await session.execute('create table canary (id integer)');
      const work = engine.transaction(session, { locks: [], timeoutSeconds: 1, structural: true }, async () => {
        await session.execute('create table made_in_vain (id integer)');
        await session.execute('drop table canary');
        await session.execute('select * from no_such_table');
      });
      await expect(work).rejects.toMatchObject({ code: 'TARGET_FAILED' });
      const found = await engine.readTables(
        session,
        ['canary', 'made_in_vain'].map((name) => inDefaultSchema(name, engine.supportsSchemas)),
      );
      expect(found.map((structure) => structure.table.name)).toEqual(['canary']);
    });
  });
}

function inDefaultSchema(name: string, supportsSchemas: boolean): { schema?: string; name: string } {
  return supportsSchemas ? { schema: 'public', name } : { name };
}

async function deploy(datakit: Datakit, database: ContractDatabase): Promise<void> {
  const { engine, session } = database;
  const ledger = new Ledger(engine, session);
  await ledger.create('plain', 'contract', 5);
  await engine.transaction(session, { locks: [], timeoutSeconds: 5, structural: true }, async () => {
    const plan = await planDeployment(datakit, engine, session, ledger);
    for (const { sql } of plan.statements) await session.execute(sql);
    await ledger.objects.record(datakit.name, 'contract', plan.created);
    await ledger.objects.forget(plan.dropped);
  });
}

async function statementsTo(datakit: Datakit, { engine, session }: ContractDatabase): Promise<string[]> {
  const plan = await planDeployment(datakit, engine, session, new Ledger(engine, session));
  return plan.statements.map(({ sql }) => sql);
}
