import { defineEntity, p } from '@mikro-orm/core';
import { describe, expect, it } from '@jest/globals';
import { referenceTable, temporalTable, transactionalTable } from '../model/mixins.ts';
import { table } from '../model/table.ts';
import { basics, customer, historyStageOn, id, shopOf, type LookedAtServer } from './history-stage-contract.ts';

/** Histories and triggers under deployments, drift, and the times that the database keeps. */
export function describeHistoryChanges(name: string, start: () => Promise<LookedAtServer>): void {
  describe(`deployments of a history to ${name}`, () => {
    const { engine, deploy, history, look, run, state, validate } = historyStageOn(start);
    const onPostgres = (): boolean => engine().supportsSchemas;

    it('are done once', async () => {
      const datakit = shopOf(customer(basics));
      expect(await deploy(datakit)).toMatchObject({
        applied: true,
        plan: { newTables: ['customer__history', 'customer'] },
      });
      const before = await state();
      expect(await deploy(datakit)).toMatchObject({ applied: false });
      expect(await validate(datakit)).toEqual([]);
      expect(await state()).toEqual(before);
    });

    it('find each trigger that somebody dropped, changed or switched off, once, and mend it', async () => {
      const datakit = shopOf(customer(basics));
      await deploy(datakit);
      const names = ['history_insert', 'history_update', 'history_delete'].map(triggerName);
      for (const [index, trigger] of names.entries()) {
        const on = onPostgres() ? ' on {customer}' : '';
        await run(`drop trigger ${trigger}${on}`, `insert into {customer} (id, name) values (${index + 1}, 'missed')`);
        expect(await validate(datakit)).toEqual([
          expect.objectContaining({
            object: `customer.${trigger}`,
            kind: 'trigger missing',
            severity: 'error',
            found: null,
          }),
        ]);
        expect(await deploy(datakit)).toMatchObject({ applied: true });
        expect(await validate(datakit)).toEqual([]);
      }
      await run(`update {customer} set name = 'seen'`);
      expect((await history('id')).filter((line) => line.startsWith('UPDATE'))).toHaveLength(3);
      if (!onPostgres()) return;
      await run(`alter table {customer} disable trigger ${names[1]}`);
      expect(await validate(datakit)).toEqual([
        expect.objectContaining({
          object: `customer.${names[1]}`,
          kind: 'trigger',
          found: expect.stringContaining('disabled'),
        }),
      ]);
      await deploy(datakit);
      expect(await validate(datakit)).toEqual([]);
      const function_ = engine().quoteTable({ schema: 'shop', name: `${names[1]}` });
      await run(
        `create or replace function ${function_}() returns trigger language plpgsql as 'begin return null; end'`,
      );
      expect(await validate(datakit)).toEqual([
        expect.objectContaining({ object: `customer.${names[1]}`, kind: 'trigger' }),
      ]);
      await deploy(datakit);
      expect(await validate(datakit)).toEqual([]);
    });

    it('keep the trigger of somebody else, and warn of it', async () => {
      const datakit = shopOf(customer(basics));
      await deploy(datakit);
      await run('create table {seen} (id integer)');
      if (onPostgres()) {
        await run(
          `create function {note}() returns trigger language plpgsql as 'begin insert into {seen} values (new.id); return new; end'`,
          'create trigger theirs after insert on {customer} for each row execute function {note}()',
        );
      } else {
        const each = engine().supportsIdentity ? 'for each row ' : '';
        await run(
          `create trigger theirs after insert on {customer} ${each}begin insert into {seen} values (new.id); end`,
        );
      }
      const warning = { object: 'customer.theirs', kind: 'trigger not declared', severity: 'warn', expected: null };
      expect(await validate(datakit)).toEqual([expect.objectContaining(warning)]);
      // On SQLite the second one makes the table anew.
      const changed = shopOf(customer({ ...basics, age: p.integer().default(1) }));
      await deploy(changed);
      await run(`insert into {customer} (id) values (1)`);
      expect(await look('select id from {seen}')).toEqual(['1']);
      expect(await validate(changed)).toEqual([expect.objectContaining(warning)]);
      expect(await history('id, age')).toEqual(['INSERT\t1\t1']);
    });

    it('take other columns: the history gets new ones, and keeps those that are no longer tracked', async () => {
      await deploy(shopOf(customer(basics)));
      await run(`insert into {customer} (id, name, phone) values (1, 'Ann', '1')`);
      const versions = [
        shopOf(customer({ ...basics, city: p.string().length(40).default('x') })),
        shopOf(customer({ ...basics, city: p.string().length(40).default('x') }, ['phone'])),
        shopOf(customer({ ...id, name: p.text().nullable(), city: p.string().length(9).nullable() })),
        shopOf(customer({ ...id, name: p.text().nullable(), city: p.string().length(9) }, ['city'])),
        shopOf(customer(basics)),
      ];
      const allowDestructive = ['customer.phone', 'customer.city'];
      for (const [index, version] of versions.entries()) {
        await deploy(version, { allowDestructive });
        expect(await validate(version)).toEqual([]);
        expect(await deploy(version)).toMatchObject({ applied: false });
        await run(`update {customer} set name = 'Ann ${index}'`);
      }
      expect(await history('name, phone, city')).toEqual([
        expect.stringMatching(/^INSERT\tAnn\t1\t(NULL)?$/),
        'UPDATE\tAnn 0\t1\tx',
        expect.stringMatching(/^UPDATE\tAnn 1\t(NULL)?\tx$/),
        expect.stringMatching(/^UPDATE\tAnn 2\t(NULL)?\tx$/),
        expect.stringMatching(/^UPDATE\tAnn 3\t(NULL)?\t(NULL)?$/),
        expect.stringMatching(/^UPDATE\tAnn 4\t(NULL)?\t(NULL)?$/),
      ]);
    });

    it('begin a history with the rows that are there, and end it only when its table is named', async () => {
      const Plain = defineEntity({ name: 'Customer', tableName: 'customer', properties: basics });
      await deploy(shopOf(Plain));
      await run(`insert into {customer} (id, name) values (1, 'Ann'), (2, 'Bob')`);
      await deploy(shopOf(customer(basics)));
      await run(`update {customer} set name = 'Bert' where id = 2`);
      expect((await history('id, name')).toSorted()).toEqual(['INSERT\t1\tAnn', 'INSERT\t2\tBob', 'UPDATE\t2\tBert']);
      const before = await state();
      const objects = ['customer.effective_time', 'customer.systime', 'customer__history'];
      await expect(deploy(shopOf(Plain))).rejects.toMatchObject({ code: 'DESTRUCTIVE', details: { objects } });
      expect(await state()).toEqual(before);
      await deploy(shopOf(Plain), { allowDestructive: objects });
      await run(`update {customer} set name = 'x'`);
      expect(await validate(shopOf(Plain))).toEqual([]);
      await expect(history('id')).rejects.toThrow(/customer__history/);
      if (onPostgres())
        expect(await look(`select proname from pg_proc where pronamespace = 'shop'::regnamespace`)).toEqual([]);
    });

    it('leave no function behind when the table goes, by a plan or by --recreate', async () => {
      const Other = defineEntity({ name: 'Other', tableName: 'other', properties: id });
      await deploy(shopOf(customer(basics), Other));
      await deploy(shopOf(customer(basics), Other), { recreate: true });
      await deploy(shopOf(Other), { allowDestructive: ['customer', 'customer__history'] });
      if (onPostgres())
        expect(await look(`select proname from pg_proc where pronamespace = 'shop'::regnamespace`)).toEqual([]);
      expect(await validate(shopOf(Other))).toEqual([]);
    });

    it('are refused where the history cannot be what is said', async () => {
      const refused = (datakit: ReturnType<typeof shopOf>, message: RegExp, code = 'DATAKIT_INVALID'): Promise<void> =>
        expect(deploy(datakit)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
      const Plain = defineEntity({ name: 'Plain', tableName: 'plain', properties: basics });
      const Twin = defineEntity({ name: 'Twin', tableName: 'customer__history', properties: basics });
      await refused(shopOf(table(Plain, { history: {} })), /has none/);
      await refused(shopOf(customer(basics, ['nmae'])), /"nmae"/);
      await refused(shopOf(customer(basics, ['id'])), /"id"/);
      await refused(shopOf(customer(basics, ['systime'])), /"systime"/);
      await refused(shopOf(customer({ ...basics, operation_type: p.text() })), /"operation_type"/);
      await refused(shopOf(customer(basics), Twin), /there twice/, 'IDENTIFIER');
      await refused(
        shopOf(customer(basics, undefined, 'w'.repeat(engine().identifierBytes - 6))),
        /w__history/,
        'IDENTIFIER',
      );
    });

    it('have the database keep the times of a transactional table and of a reference table', async () => {
      const Order = defineEntity({
        name: 'Order',
        tableName: 'order',
        properties: { ...transactionalTable, note: p.text().nullable() },
      });
      const Kind = defineEntity({
        name: 'Kind',
        tableName: 'kind',
        properties: { ...referenceTable, code: p.text().nullable() },
      });
      const datakit = shopOf(Order, Kind);
      await deploy(datakit);
      expect(await validate(datakit)).toEqual([]);
      const uuid = '01234567-89ab-7def-8123-456789abcdef';
      const past = '2001-01-01 00:00:00.000000';
      await run(
        `insert into {order} (id, created_at, updated_at, systime) values ('${uuid}', '${past}', '${past}', '${past}')`,
        `insert into {kind} (id, systime) values (1, '${past}')`,
        `update {order} set note = 'x', updated_at = '${past}'`,
        `update {kind} set code = 'x'`,
      );
      const year = (column: string): string => `substr(cast(${column} as char(26)), 1, 4)`;
      const thisYear = String(new Date().getUTCFullYear());
      const times = ['created_at', 'updated_at', 'systime'].map(year).join(', ');
      expect(await look(`select ${times} from {order}`)).toEqual([`2001\t${thisYear}\t${thisYear}`]);
      expect(await look(`select ${year('systime')} from {kind}`)).toEqual([thisYear]);
      const changed = run(`update {order} set created_at = '2002-01-01 00:00:00', note = 'y'`);
      await expect(changed).rejects.toMatchObject({ code: 'TARGET_FAILED' });
      expect(await look(`select note, ${year('created_at')} from {order}`)).toEqual(['x\t2001']);
    });

    it('keep updated_at of a temporal table out of its history', async () => {
      const Order = defineEntity({
        name: 'Customer',
        tableName: 'customer',
        properties: { ...transactionalTable, ...temporalTable, note: p.text().nullable() },
      });
      await deploy(shopOf(Order));
      await run(
        `insert into {customer} (id, note) values ('01234567-89ab-7def-8123-456789abcdef', 'x')`,
        `update {customer} set note = 'x'`,
        `update {customer} set note = 'y'`,
      );
      expect(await history('note')).toEqual(['INSERT\tx', 'UPDATE\ty']);
    });

    function triggerName(purpose: string): string {
      return `${onPostgres() ? '' : 'shop_'}customer__${purpose}`;
    }
  });
}
