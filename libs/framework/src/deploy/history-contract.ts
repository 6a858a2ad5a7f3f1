import { defineEntity, p } from '@mikro-orm/core';
import { describe, expect, it } from '@jest/globals';
import { temporalTable } from '../model/mixins.ts';
import { basics, customer, historyStageOn, id, shopOf, type LookedAtServer } from './history-stage-contract.ts';

/** What every engine keeps of a temporal table, looked at with the server's own program. */
export function describeHistory(name: string, start: () => Promise<LookedAtServer>): void {
  describe(`the history of a table on ${name}`, () => {
    const { engine, deploy, history, look, run, validate } = historyStageOn(start);

    it('has one row for an insert, an update and a delete, and none for an update that changes nothing', async () => {
      await deploy(shopOf(customer(basics)));
      const counts: number[] = [];
      for (const sql of [
        `insert into {customer} (id, name, phone) values (1, 'Ann', null)`,
        `update {customer} set name = 'Anne' where id = 1`,
        `update {customer} set name = 'Anne', phone = null where id = 1`,
        `delete from {customer} where id = 1`,
      ]) {
        const before = (await history('id')).length;
        await run(sql);
        counts.push((await history('id')).length - before);
      }
      expect(counts).toEqual([1, 1, 0, 1]);
      expect(await history('id, name')).toEqual(['INSERT\t1\tAnn', 'UPDATE\t1\tAnne', 'DELETE\t1\tAnne']);
    });

    it('tells from when each state holds', async () => {
      await deploy(shopOf(customer(basics)));
      await run(
        `insert into {customer} (id, name, effective_time) values (1, 'Ann', '2001-02-03 04:05:06'), (2, 'Bob', '2001-02-03 04:05:06')`,
        `update {customer} set name = 'Anne' where id = 1`,
        `update {customer} set name = 'Bert', effective_time = '2002-02-03 04:05:06' where id = 2`,
        `update {customer} set effective_time = '2003-02-03 04:05:06' where id = 2`,
        `update {customer} set name = name`,
        `delete from {customer} where id = 2`,
      );
      const year = `substr(cast(effective_time as char(26)), 1, 4)`;
      const thisYear = new Date().getUTCFullYear();
      expect(await history(`id, ${year}`)).toEqual([
        'INSERT\t1\t2001',
        'INSERT\t2\t2001',
        `UPDATE\t1\t${thisYear}`,
        'UPDATE\t2\t2002',
        'UPDATE\t2\t2003',
        `DELETE\t2\t${thisYear}`,
      ]);
      expect(await look(`select id, ${year} from {customer} order by id`)).toEqual([`1\t${thisYear}`]);
    });

    it('tells so for rows that are inserted and changed within one millisecond', async () => {
      await deploy(shopOf(customer(basics)));
      const rows = Array.from({ length: 50 }, (_, index) => index + 1);
      await run(
        ...rows.flatMap((row) => [
          `insert into {customer} (id, name, effective_time) values (${row}, 'Ann', '2001-02-03 04:05:06')`,
          `update {customer} set name = 'Anne' where id = ${row}`,
        ]),
      );
      const old = `cast(effective_time as char(26)) like '2001%'`;
      expect(await look(`select count(*) from {customer} where ${old}`)).toEqual(['0']);
    });

    const odd = {
      text: [p.text(), `'a'`, `'A'`, `'a '`, `''`, 'null', `'null'`],
      short: [p.string().length(9), `'a'`, `'A'`, `'a '`, `''`, 'null', `'é'`],
      flag: [p.boolean(), 'false', 'true', 'null', 'false'],
      number: [p.double(), '0', `'-0'`, 'null', '1e300', '1.0000000000000002', '1'],
      big: [p.bigint(), '9007199254740992', '9007199254740993', 'null', '0'],
      price: [p.decimal().precision(20).scale(10), '1.0000000001', '1.0000000002', 'null', '0'],
      bytes: [p.blob(), `'a'`, `'A'`, `''`, 'null'],
      plain: [p.string().columnType('json'), `'{"a":1}'`, `'{"a": 1}'`, 'null', `'{"a":1.0}'`],
      parsed: [p.json(), `'{"a":1}'`, `'{"a":1.0}'`, 'null', `'null'`],
    } as const;

    it('notices every change of every kind of value, and each only once', async () => {
      const properties = Object.entries(odd).map(([column, [type]]) => [column, type.nullable()]);
      await deploy(shopOf(customer({ ...id, ...Object.fromEntries(properties) })));
      await run(`insert into {customer} (id) values (1), (2)`);
      for (const [column, [, ...values]] of Object.entries(odd)) {
        // Only PostgreSQL keeps -0; the others make it 0.
        const mine = values.filter((value) => value !== `'-0'` || engine().supportsSchemas);
        const before = (await history('id')).length;
        const updates = mine.map((value) => `update {customer} set ${column} = ${value} where id = 1`);
        await run(...updates.flatMap((sql) => [sql, sql]));
        expect([column, (await history('id')).length - before]).toEqual([column, mine.length]);
      }
    });

    it('leaves out excluded columns and a change of them alone', async () => {
      const datakit = shopOf(customer(basics, ['phone']));
      await deploy(datakit);
      await run(
        `insert into {customer} (id, name, phone) values (1, 'Ann', '1')`,
        `update {customer} set phone = '2'`,
        `update {customer} set phone = '3', name = 'Anne'`,
      );
      expect(await history('name')).toEqual(['INSERT\tAnn', 'UPDATE\tAnne']);
      await expect(look('select phone from {customer__history}')).rejects.toThrow(/phone/);
      expect(await validate(datakit)).toEqual([]);
    });

    it('has every row of statements that change many, rows whose key changes by their keys', async () => {
      await deploy(shopOf(customer(basics)));
      await run(
        `insert into {customer} (id, name) values (1, 'a'), (2, 'b'), (3, 'c')`,
        `update {customer} set name = 'B' where id >= 2`,
        `update {customer} set id = 4 where id = 1`,
        `delete from {customer}`,
      );
      expect((await history('id, name')).toSorted()).toEqual(
        [
          ...['INSERT\t1\ta', 'INSERT\t2\tb', 'INSERT\t3\tc', 'UPDATE\t2\tB', 'UPDATE\t3\tB', 'DELETE\t1\ta'],
          ...['INSERT\t4\ta', 'DELETE\t2\tB', 'DELETE\t3\tB', 'DELETE\t4\ta'],
        ].toSorted(),
      );
    });

    it('has what an upsert and a replacement do', async () => {
      await deploy(shopOf(customer(basics)));
      const isMysql = !engine().supportsTransactionalDdl;
      const upsert = (row: string): string =>
        `insert into {customer} (id, name) values ${row} ${isMysql ? 'on duplicate key update name = values(name)' : 'on conflict (id) do update set name = excluded.name'}`;
      await run(upsert(`(1, 'a'), (2, 'b')`), upsert(`(2, 'B'), (3, 'c')`), upsert(`(3, 'c')`));
      expect((await history('id, name')).toSorted()).toEqual([
        ...['INSERT\t1\ta', 'INSERT\t2\tb', 'INSERT\t3\tc', 'UPDATE\t2\tB'],
      ]);
      // PostgreSQL has no "replace".
      if (engine().supportsSchemas) return;
      for (const row of [`(3, 'C')`, `(3, 'C')`, `(9, 'i')`])
        await run(`replace into {customer} (id, name) values ${row}`);
      expect((await history('id, name')).slice(4)).toEqual(
        isMysql
          ? ['DELETE\t3\tc', 'INSERT\t3\tC', 'DELETE\t3\tC', 'INSERT\t3\tC', 'INSERT\t9\ti']
          : ['UPDATE\t3\tC', 'INSERT\t9\ti'],
      );
    });

    it('has what a relation deletes and changes; where it could not, such a relation is refused', async () => {
      const Parent = defineEntity({ name: 'Parent', tableName: 'parent', properties: id });
      const Customer = defineEntity({
        name: 'Customer',
        tableName: 'customer',
        properties: { ...id, parent: () => p.manyToOne(Parent).deleteRule('cascade'), ...temporalTable },
      });
      const datakit = shopOf(Parent, Customer);
      if (!engine().cascadesFireTriggers) {
        await expect(deploy(datakit)).rejects.toMatchObject({
          code: 'DATAKIT_INVALID',
          message: expect.stringContaining('on delete cascade'),
        });
        return;
      }
      await deploy(datakit);
      await run(
        `insert into {parent} (id) values (1), (2)`,
        `insert into {customer} (id, parent) values (1, 1), (2, 2), (3, 2)`,
        `update {parent} set id = 11 where id = 1`,
        `delete from {parent} where id = 2`,
      );
      expect((await history('id, parent')).slice(3).toSorted()).toEqual([
        ...['DELETE\t2\t2', 'DELETE\t3\t2', 'UPDATE\t1\t11'],
      ]);
    });

    it('has what truncate empties on PostgreSQL', async () => {
      await deploy(shopOf(customer(basics)));
      if (!engine().supportsSchemas) return;
      await run(`insert into {customer} (id, name) values (1, 'a'), (2, 'b')`, `truncate {customer}`);
      expect((await history('id')).slice(2)).toEqual(['DELETE\t1', 'DELETE\t2']);
    });

    it('is kept under any name, also one that leaves no room for what is added to it', async () => {
      const wide = 'w'.repeat(engine().supportsSchemas ? 54 : 50);
      const column = 'new"; \' -- `x` \\ $datakit$';
      const properties = { ...id, [column]: p.text().nullable(), new: p.text().nullable(), old: p.text().nullable() };
      for (const table of [wide, `${wide.slice(1)}x`, 'order']) {
        const datakit = shopOf(customer(properties, undefined, table));
        await deploy(datakit, {
          allowDestructive: [wide, `${wide}__history`, `${wide.slice(1)}x`, `${wide.slice(1)}x__history`],
        });
        expect(await validate(datakit)).toEqual([]);
        const [quoted, old] = [column, 'old'].map((each) => engine().quote(each));
        await run(
          `insert into {${table}} (id, ${quoted}, ${old}) values (1, 'a', 'b')`,
          `update {${table}} set ${quoted} = 'c'`,
          `update {${table}} set ${old} = 'b'`,
          `delete from {${table}}`,
        );
        expect(
          await look(`select operation_type, ${quoted}, ${old} from {${table}__history} order by history_id`),
        ).toEqual([...['INSERT\ta\tb', 'UPDATE\tc\tb', 'DELETE\tc\tb']]);
      }
    });
  });
}
