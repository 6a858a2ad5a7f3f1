import { defineEntity, p } from '@mikro-orm/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseColumnType } from '../../model/column-type.ts';
import type { ConstantColumn, WireColumn, WireFormat } from '../../model/wire-format.ts';
import { connect, type PostgresSession } from '../postgres/connect.ts';
import { copyOut, copyOutFormats } from '../postgres/copy-out.ts';
import type { TableName } from '../table-structure.ts';
import { datakitOf } from './contract-fixture.ts';
import { contractDatabase, type ContractServer } from './contract-server.ts';
import { oddValues, type OddValue } from './odd-values.ts';
import { createAll, structuresOf } from './structure-steps-contract.ts';

const loadedAt: ConstantColumn = {
  name: 'loaded_at',
  type: { kind: 'timestamptz' },
  value: '2024-02-29T21:59:59.123456Z',
};
const note: ConstantColumn = { name: 'note', type: { kind: 'text' }, value: `it's \\ "constant"` };

/** Values go in from PostgreSQL by the engine's own way and are what they were, by the database's own word. */
export function valueContract(server: () => ContractServer): void {
  describe('copied in', () => {
    const database = contractDatabase(server, 'values');
    let source: PostgresSession;
    beforeAll(async () => void (source = await connect({ engine: 'postgres', ...server().source })));
    afterAll(() => source?.[Symbol.asyncDispose]());

    it.each(Object.keys(oddValues).map((type, index) => [type, index] as const))(
      '%s keeps every value',
      async (type, index) => {
        const { keepsTypes } = server();
        const values = (oddValues[type] ?? []).filter(
          ([, portable]) => keepsTypes || formOf(type, portable) !== 'refused',
        );
        const table = await makeTables(type, index, values);
        expect(await copy(table, type, index)).toBe(values.length);

        const shown = await database().session.query<{ id: number; value: string | null; rest: number }>(
          `select id, ${server().shown('value', type)} as value, case when note = ? then 1 else 0 end as rest
         from ${database().engine.quoteTable(table)} order by id`,
          [note.value],
        );
        expect(shown.map(({ rest }) => rest)).toEqual(values.map(() => 1));
        expect(shown.map(({ value }) => value)).toEqual(
          keepsTypes ? await inSource(type, values) : values.map(([, portable]) => formOf(type, portable)),
        );
      },
    );

    it('values that cannot be kept are refused by their code, and nothing of their load stays', async () => {
      if (server().keepsTypes) return;
      const { engine, session } = database();
      const refused = Object.entries(oddValues).flatMap(([type, values]) =>
        values.filter(([, portable]) => formOf(type, portable) === 'refused').map((value) => [type, value] as const),
      );
      expect(refused).not.toEqual([]);
      for (const [at, [type, value]] of refused.entries()) {
        const index = 3_000 + at;
        const good = (oddValues[type] ?? []).filter(([, portable]) => formOf(type, portable) !== 'refused');
        const table = await makeTables(type, index, [...good, value]);
        const load = engine.transaction(session, { locks: [], timeoutSeconds: 1 }, () => copy(table, type, index));
        await expect(load).rejects.toMatchObject({
          code: 'BAD_ROWS',
          message: expect.stringContaining('column value'),
        });
        expect(await session.query(`select id from ${engine.quoteTable(table)}`)).toEqual([]);
      }
    });

    it('values that cannot be kept are null where the column is declared lossy, and the others stay', async () => {
      if (server().keepsTypes) return;
      for (const [at, [type, values]] of Object.entries(oddValues).entries()) {
        if (!values.some(([, portable]) => formOf(type, portable) === 'refused')) continue;
        const index = 4_000 + at;
        const table = await makeTables(type, index, values);
        expect(await copy(table, type, index, true)).toBe(values.length);
        const shown = await database().session.query<{ value: string | null }>(
          `select ${server().shown('value', type)} as value from ${database().engine.quoteTable(table)} order by id`,
        );
        const forms = values.map(([, portable]) => formOf(type, portable));
        expect([type, ...shown.map(({ value }) => value)]).toEqual([
          type,
          ...forms.map((form) => (form === 'refused' ? null : form)),
        ]);
      }
    });

    it.each([0, 1, 49, 50, 51, 1_000])('%d rows are all there', async (rows) => {
      const table = await makeTables('integer', 1_000 + rows, []);
      await source.execute(`insert into odd_${1_000 + rows} select g, g from generate_series(1, ${rows}) g`);
      expect(await copy(table, 'integer', 1_000 + rows)).toBe(rows);
      const [found] = await database().session.query<{ n: number | string }>(
        `select count(distinct value) as n from ${database().engine.quoteTable(table)}`,
      );
      // A driver may give a count of 64 bits as text.
      expect(Number(found?.n)).toBe(rows);
    });

    function formOf(type: string, portable: OddValue[1]): OddValue[1] {
      return server().form?.(type, portable) ?? portable;
    }

    async function makeTables(type: string, index: number, values: readonly OddValue[]): Promise<TableName> {
      await source.execute(`create temporary table odd_${index} (id integer, value ${type})`);
      for (const [id, [sql]] of values.entries())
        await source.execute(`insert into odd_${index} values (${id}, ${sql})`);
      const Odd = defineEntity({
        name: 'Odd',
        tableName: `odd_${index}`,
        properties: {
          id: p.integer().primary().autoincrement(false),
          value: p.string().columnType(type).nullable(),
          loaded_at: p.datetime(6),
          note: p.text(),
        },
      });
      const datakit = datakitOf([Odd], `values_${index}`);
      await createAll(datakit, database());
      return structuresOf(datakit, database())[0]!.table;
    }

    it('keeps every value in each other format that it takes, too', async () => {
      const { keepsTypes } = server();
      const { engine, session } = database();
      for (const format of formats().slice(1)) {
        for (const [at, [type, all]] of Object.entries(oddValues).entries()) {
          const values = all.filter(([, portable]) => keepsTypes || formOf(type, portable) !== 'refused');
          const index = 5_000 + at;
          const table = await makeTables(type, index, values);
          const count = await engine.transaction(session, { locks: [], timeoutSeconds: 1 }, () =>
            copy(table, type, index, false, format),
          );
          expect([type, format, count]).toEqual([type, format, values.length]);
          const shown = await session.query<{ value: string | null }>(
            `select ${server().shown('value', type)} as value from ${engine.quoteTable(table)} order by id`,
          );
          const expected = keepsTypes
            ? await inSource(type, values)
            : values.map(([, portable]) => formOf(type, portable));
          expect([type, format, ...shown.map(({ value }) => value)]).toEqual([type, format, ...expected]);
        }
      }
    });

    function formats(): WireFormat[] {
      return database().engine.copyIn.formats.filter((each) => copyOutFormats.includes(each));
    }

    async function copy(
      table: TableName,
      type: string,
      index: number,
      lossy = false,
      format = formats()[0] as WireFormat,
    ): Promise<number> {
      const { copyIn } = database().engine;
      const columns: WireColumn[] = [
        { name: 'id', type: { kind: 'integer' } },
        { name: 'value', type: parseColumnType(type), lossy },
      ];
      const constants = [loadedAt, note];
      const { rows } = await copyOut(source, {
        schema: 'pg_temp',
        table: `odd_${index}`,
        columns: columns.map((column) => ({ ...column, from: column.name })),
        constants: copyIn.addsConstants ? [] : constants,
        format,
      });
      return copyIn.write(
        database().session,
        {
          table,
          columns: copyIn.addsConstants ? columns : [...columns, ...constants],
          constants: copyIn.addsConstants ? constants : [],
          format,
        },
        rows,
      );
    }

    async function inSource(type: string, values: readonly OddValue[]): Promise<(string | null)[]> {
      const shown: (string | null)[] = [];
      for (const [sql] of values) {
        const [row] = await source.query<{ value: string | null }>(
          `select ${server().shown('value', type)} as value from (select (${sql})::${type} as value) v`,
        );
        shown.push(row?.value ?? null);
      }
      return shown;
    }
  });
}
