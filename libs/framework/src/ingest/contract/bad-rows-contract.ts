import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WatchedServer } from '../../engines/contract/places-contract.ts';
import { loadBench, type LoadBench } from './load-bench.ts';

const typedItem = 'create table item (id integer, amount integer, price numeric(5,2), day date, label varchar(5))';
const untypedItem = 'create table item (id text, amount text, price text, day text, label text)';

/** What stops nobody: the rows around it load. */
const spoilt: readonly (readonly [column: string, value: string, reason: string])[] = [
  ['amount', "'12x'", 'wrong_type'],
  ['amount', "'9999999999'", 'out_of_range'],
  ['price', "'1.005'", 'too_precise'],
  ['day', "'2023-02-29'", 'out_of_range'],
  ['day', "'2024-02-28 x'", 'wrong_type'],
  ['label', "'abcdef'", 'too_long'],
  ['label', 'null', 'null_in_required'],
  ['id', 'null', 'null_in_required'],
  ['id', "'1'", 'duplicate_key'],
  ['id', "' 01 '", 'duplicate_key'],
];

/** Rows that cannot be loaded, into every engine. */
export function describeBadRows(name: string, start: () => Promise<WatchedServer>): void {
  describe(`rows that cannot be loaded into ${name}`, () => {
    const bench = loadBench(start);
    const { load, rows, named, ledger } = {
      load: (...given: Parameters<LoadBench['load']>) => bench().load(...given),
      rows: <Row extends Record<string, unknown>>(sql: string) => bench().rows<Row>(sql),
      named: (table: string) => bench().named(table),
      ledger: (table: string) => bench().ledger(table),
    };
    const execute = (sql: string): Promise<number> => bench().source.execute(sql);
    const ids = async (): Promise<number[]> =>
      (await rows<{ id: number }>(`select id from ${named('item')} order by id`)).map(({ id }) => id);

    /** 2,000 good rows, of which every nth is spoilt in turn. */
    async function fill(every: number): Promise<number> {
      await execute(untypedItem);
      await execute(
        `insert into item select g::text, g::text, '1.50', '2024-02-29', 'x' from generate_series(1, 2000) g`,
      );
      const numbers = Array.from({ length: 2000 }, (_, at) => at + 1).filter((id) => id > 1 && id % every === 0);
      for (const [at, [column, value]] of spoilt.entries()) {
        const some = numbers.filter((_, index) => index % spoilt.length === at);
        if (some.length > 0)
          await execute(`update item set ${column} = ${value} where amount in (${some.map((id) => `'${id}'`)})`);
      }
      return numbers.length;
    }

    it.each([
      ['0.1 %', 1000],
      ['10 %', 10],
      ['all but one', 1],
    ])('are set aside, %s of them, and their neighbours load', async (_, every) => {
      const bad = await fill(every);
      const { table, error, findings } = await load({ types: 'discard_row' }, { maxBadRows: '100%' });
      expect(error).toBeUndefined();
      expect(table).toMatchObject({ read: 2000, loaded: 2000 - bad, quarantined: bad });
      expect(await ids()).toHaveLength(2000 - bad);
      const kept = await rows<{ reason: string; n: number }>(
        `select column_name, reason, count(*) as n from ${ledger('quarantine')} group by column_name, reason`,
      );
      expect(kept.reduce((sum, { n }) => sum + Number(n), 0)).toBe(bad);
      expect(findings.reduce((sum, { failed = 0 }) => sum + failed, 0)).toBe(bad);
      const [recorded] = await rows(`select rows_read, rows_loaded, rows_quarantined from ${ledger('loads')}`);
      expect(Object.values(recorded ?? {}).map(Number)).toEqual([2000, 2000 - bad, bad]);
    });

    it('are kept with their row, their column, their reason and where they stood', async () => {
      await execute(untypedItem);
      await execute(`insert into item values ('1', '1', '1', '2024-02-29', 'good')`);
      for (const [column, value] of spoilt) {
        const values = { id: "'7'", amount: "'1'", price: "'1'", day: "'2024-02-29'", label: "'x'", [column]: value };
        await execute(`insert into item values (${Object.values(values).join(', ')})`);
      }
      const { table, error } = await load({ types: 'discard_row' }, { maxBadRows: 100 });
      expect(error).toBeUndefined();
      expect(table).toMatchObject({ read: 11, loaded: 1, quarantined: 10 });
      const kept = await rows<{ position: number; column_name: string; reason: string; source_row: string }>(
        `select position, column_name, reason, source_row from ${ledger('quarantine')} order by position`,
      );
      expect(kept.map((each) => [each.column_name, each.reason])).toEqual(
        spoilt.map(([column, , reason]) => [column, reason]),
      );
      expect(kept.map(({ position }) => Number(position))).toEqual(spoilt.map((_, index) => index + 2));
      expect(JSON.parse(kept[0]?.source_row ?? '')).toEqual({
        ...{ id: '7', amount: '12x', price: '1', day: '2024-02-29', label: 'x' },
      });
      expect(await rows(`select id, amount, label from ${named('item')}`)).toEqual([
        { id: 1, amount: 1, label: 'good' },
      ]);
    });

    it('refuse the load when there are more than allowed, and everything stays as it was', async () => {
      await execute(typedItem);
      await execute(`insert into item values (1, 1, 1, null, 'good'), (2, 2, 2, null, 'good')`);
      expect((await load({})).table).toMatchObject({ read: 2, loaded: 2, quarantined: 0 });
      const state = async (): Promise<unknown[]> => [
        await rows(`select * from ${named('item')} order by id`),
        await rows(`select * from ${ledger('loads')} order by load_id`),
        await rows(`select * from ${ledger('quarantine')}`),
      ];
      const before = await state();
      await execute(`insert into item values (3, 3, 3, null, null), (1, 4, 4, null, 'scrt!'), (5, 5, 5, null, 'good')`);
      const { error, findings } = await load({}, { maxBadRows: 1 });
      expect(error).toMatchObject({
        code: 'BAD_ROWS',
        details: {
          ...{ table: 'item', read: 5, bad: 2 },
          counts: [
            { column: 'id', reason: 'duplicate_key', rows: 1, first: ['row 4'] },
            { column: 'label', reason: 'null_in_required', rows: 1, first: ['row 3'] },
          ],
        },
      });
      expect(error?.message).toContain('item.id: duplicate_key in 1 row');
      expect(JSON.stringify([error, error?.message, findings])).not.toContain('scrt!');
      expect(findings.map(({ severity, object, kind, failed }) => [severity, object, kind, failed])).toEqual([
        ['error', 'item.id', 'duplicate_key', 1],
        ['error', 'item.label', 'null_in_required', 1],
      ]);
      expect(await state()).toEqual(before);
      expect((await load({})).error).toMatchObject({ code: 'BAD_ROWS' });
      expect(await state()).toEqual(before);

      expect((await load({}, { maxBadRows: '40%' })).table).toMatchObject({ read: 5, loaded: 3, quarantined: 2 });
      expect(await ids()).toEqual([1, 2, 5]);
      // The first one stays.
      expect(await rows(`select amount from ${named('item')} where id = 1`)).toEqual([{ amount: 1 }]);
    });

    it('are in no file', async () => {
      await execute(typedItem);
      await execute(`insert into item values (1, 1, 1.5, '2024-02-29', 'good'), (2, 2, 2, null, null)`);
      const formats = ['table', 'parquet', 'json'] as const;
      const { table } = await load({}, { maxBadRows: 1, formats });
      expect(table).toMatchObject({ read: 2, loaded: 1, quarantined: 1 });
      const lines = readdirSync(bench().out, { recursive: true })
        .map(String)
        .filter((file) => file.endsWith('.ndjson'))
        .flatMap((file) => readFileSync(join(bench().out, file), 'utf8').trim().split('\n'));
      expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
        expect.objectContaining({ id: 1, amount: 1, price: 1.5, day: '2024-02-29', label: 'good' }),
      ]);
    });

    it('become null in the column that does not fit, where the contract says so', async () => {
      await execute(untypedItem);
      await execute(
        `insert into item values ('1', 'x', '1.005', '2023-02-29', 'good'), ('2', '2', '2', '2024-02-29', 'longer')`,
      );
      const { table, findings } = await load({ types: 'discard_value' }, { maxBadRows: 1 });
      // A column that must have a value cannot lose it.
      expect(table).toMatchObject({ read: 2, loaded: 1, quarantined: 1 });
      expect(await rows(`select id, amount, price, day, label, bronze_extra from ${named('item')}`)).toEqual([
        { id: 1, amount: null, price: null, day: null, label: 'good', bronze_extra: null },
      ]);
      expect(findings.map(({ object, kind }) => [object, kind]).sort()).toEqual([
        ['item.amount', 'wrong_type'],
        ['item.day', 'out_of_range'],
        ['item.label', 'too_long'],
        ['item.price', 'too_precise'],
      ]);
    });

    it('keep what is not declared in bronze_extra, where the contract evolves', async () => {
      await execute(
        `create table item (id text, amount text, price text, day text, label text, "new ""one" integer, more json)`,
      );
      await execute(
        `insert into item values ('1', 'x"', '1', null, 'good', 42, '{"a": [1.50]}'), ('2', '2', '2', null, 'good', null, null)`,
      );
      const { table, error, findings } = await load({ columns: 'evolve', types: 'evolve' });
      expect(error).toBeUndefined();
      expect(table).toMatchObject({ read: 2, loaded: 2, quarantined: 0 });
      const [first, second] = await rows<{ amount: null; bronze_extra: unknown }>(
        `select amount, bronze_extra from ${named('item')} order by id`,
      );
      const extra = typeof first?.bronze_extra === 'string' ? JSON.parse(first.bronze_extra) : first?.bronze_extra;
      expect([first?.amount, extra]).toEqual([null, { 'new "one': 42, more: { a: [1.5] }, amount: 'x"' }]);
      expect(second).toEqual({ amount: 2, bronze_extra: null });
      expect(findings.map(({ object, found }) => [object, found])).toEqual(
        expect.arrayContaining([
          ['item.new "one', expect.stringContaining('"new \\"one": p.integer().nullable(),')],
          ['item.amount', expect.stringContaining('1 of 2 rows')],
        ]),
      );
    });

    it('are those with a value in an undeclared column, where the contract says so; or it is left out', async () => {
      await execute(`${typedItem.slice(0, -1)}, note text)`);
      await execute(`insert into item values (1, 1, 1, null, 'good', 'x'), (2, 2, 2, null, 'good', null)`);
      expect((await load({})).error).toMatchObject({
        code: 'CONTRACT',
        message: expect.stringContaining('item.note: not declared, the source has text'),
      });
      expect((await load({ columns: 'discard_row' })).table).toMatchObject({ read: 2, loaded: 1, quarantined: 1 });
      expect(await ids()).toEqual([2]);
      expect((await load({ columns: 'discard_value' })).table).toMatchObject({ read: 2, loaded: 2, quarantined: 0 });
      expect(await ids()).toEqual([1, 2]);
    });

    it('are never made of a value of another type', async () => {
      await execute(untypedItem);
      await execute(`insert into item values ('1', '2', '3', null, 'good')`);
      expect((await load({}, { maxBadRows: 5 })).error).toMatchObject({
        code: 'CONTRACT',
        message: expect.stringContaining('item.amount: declared integer, the source has text'),
      });
      expect(await ids()).toEqual([]);
    });
  });
}
