import { defineEntity, p } from '@mikro-orm/core';
import { describe, expect, it } from '@jest/globals';
import { postgresDatabases } from '../engines/contract/places-contract.ts';
import { defineDatakit } from '../model/datakit.ts';
import { postgresSource } from '../model/source-definition.ts';
import { table } from '../model/table.ts';
import { startPostgres } from '../testing/index.ts';
import { openLoadingKit } from './contract/loading-kit.ts';

const properties = { id: p.integer().primary().autoincrement(false), amount: p.integer() };
const names = ['account', 'archive', 'ledger'] as const;
const [Account, Archive, Book] = names.map((name) => defineEntity({ name, tableName: name, properties }));

const kit = defineDatakit({
  name: 'bronze-bank',
  layer: 'bronze',
  source: postgresSource({ system: 'bank' }),
  tables: [
    Account as NonNullable<typeof Account>,
    table(Archive as NonNullable<typeof Archive>, { load: { disposition: 'merge', cursor: { column: 'id' } } }),
    Book as NonNullable<typeof Book>,
  ],
});

describe('tables of one run', () => {
  it('show one moment, however much the source changes between and while they are read', async () => {
    await using server = await startPostgres({ version: 'embedded' });
    await using loading = await openLoadingKit(postgresDatabases(server), 'bank', 'bronze_bank');
    const { source } = loading;
    for (const name of names)
      await source.execute(`create table ${name} (id integer primary key, amount integer not null)`);
    for (const name of names) await source.execute(`insert into ${name} select n, 100 from generate_series(1, 1000) n`);
    await loading.deploy(kit);
    let moves = 0;
    // After each table money goes from all to all, and rows come and go.
    const move = async (): Promise<void> => {
      moves++;
      await source.execute('begin');
      await source.execute(`update account set amount = amount - 10`);
      await source.execute(`update archive set amount = amount + 20`);
      await source.execute(`update ledger set amount = amount - 10`);
      for (const name of names) {
        await source.execute(`delete from ${name} where id = ?`, [moves]);
        await source.execute(`insert into ${name} values (?, 100)`, [1000 + moves]);
      }
      await source.execute('commit');
    };
    const onEvent = async (event: { kind: string }): Promise<void> => {
      if (event.kind === 'table') await move();
    };
    await loading.load(kit, { concurrency: 1, mode: 'incremental', onEvent });
    expect(moves).toBe(3);
    for (const name of names) {
      expect([
        name,
        await loading.query(`select count(*)::int as n, sum(amount)::int as amount, max(id) as last from {${name}}`),
      ]).toEqual([name, [{ n: 1000, amount: 100_000, last: 1000 }]]);
    }
    // The next run shows another moment, again one for all.
    await loading.load(kit, { concurrency: 1 });
    for (const name of ['account', 'ledger']) {
      const sum = 'select count(*)::int as n, sum(amount)::int as amount from';
      expect([name, await loading.query(`${sum} {${name}}`)]).toEqual([name, await source.query(`${sum} ${name}`)]);
    }
    expect(await loading.query('select value from {_datakit.cursors}')).toEqual([{ value: '1003' }]);
  });
});
