import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseColumnType } from '../model/column-type.ts';
import type { CursorRange } from '../model/cursor-range.ts';
import type { ContractSource } from './contract-source.ts';
import type { SourceSnapshot } from './source-connector.ts';

/** One column to read ranges of; the rows are numbered from 1 in the order of its values, and those without a place come last. */
export interface RangeColumn {
  readonly table: string;
  /** Beside `id`, an integer. */
  readonly column: string;
  readonly type: string;
  /** In portable form, from the least to the greatest. */
  readonly values: readonly [string, string, string, ...string[]];
  /** Numbers of rows whose value is none, null above all. */
  readonly without: readonly number[];
}

/** What a connector must do that reads by ranges. */
export function describeRanges(
  name: string,
  start: () => Promise<Pick<ContractSource, 'schema' | 'connectors' | 'stop'> & { columns: readonly RangeColumn[] }>,
): void {
  describe(`${name} read by ranges`, () => {
    let source: Awaited<ReturnType<typeof start>>;
    beforeAll(async () => void (source = await start()));
    afterAll(() => source?.stop());

    async function each(work: (column: RangeColumn, snapshot: SourceSnapshot) => Promise<void>): Promise<void> {
      await using connector = Object.values(source.connectors)[0]!();
      await connector.withSnapshot(async (snapshot) => {
        for (const column of source.columns) await work(column, snapshot);
      });
    }

    async function ids({ table, column, type }: RangeColumn, snapshot: SourceSnapshot, range: Partial<CursorRange>) {
      const { rows } = await snapshot.read({
        schema: source.schema,
        table,
        columns: [{ name: 'id', from: 'id', type: parseColumnType('integer') }],
        constants: [],
        format: 'text-rows',
        range: { column, type: parseColumnType(type), nulls: false, ...range },
      });
      const lines = (await textOf(rows)).split('\n').filter((line) => line !== '');
      return lines.map(Number).sort((a, b) => a - b);
    }

    it('sends the rows between two bounds, with those that are equal to one or without', async () => {
      await each(async (column, snapshot) => {
        const { values, type, without } = column;
        const numbers = values.map((_, index) => index + 1);
        const [first, second] = values;
        const last = values.at(-1) as string;
        const read = async (range: Partial<CursorRange>): Promise<unknown[]> => [
          type,
          await ids(column, snapshot, range),
        ];
        const at = (value: string, inclusive: boolean) => ({ value, inclusive });
        expect(await read({})).toEqual([type, numbers]);
        expect(await read({ nulls: true })).toEqual([type, [...numbers, ...without]]);
        expect(await read({ from: at(second, true) })).toEqual([type, numbers.slice(1)]);
        expect(await read({ from: at(second, false) })).toEqual([type, numbers.slice(2)]);
        expect(await read({ from: at(second, false), nulls: true })).toEqual([type, [...numbers.slice(2), ...without]]);
        expect(await read({ to: at(second, true) })).toEqual([type, [1, 2]]);
        expect(await read({ to: at(second, false), nulls: true })).toEqual([type, [1, ...without]]);
        expect(await read({ from: at(first, false), to: at(last, false) })).toEqual([type, numbers.slice(1, -1)]);
        expect(await read({ from: at(last, false) })).toEqual([type, []]);
      });
    });

    it('says the greatest value with all its digits, and whether rows have none', async () => {
      await each(async ({ table, column, type, values, without }, snapshot) => {
        const measure = async (range: Partial<CursorRange>, rows?: number): Promise<unknown[]> => [
          type,
          await snapshot.measure?.({
            schema: source.schema,
            table,
            range: { column, type: parseColumnType(type), nulls: false, ...range },
            ...(rows === undefined ? {} : { rows }),
          }),
        ];
        const nulls = without.length > 0;
        const last = values.at(-1) as string;
        expect(await measure({})).toEqual([type, { greatest: last, nulls }]);
        expect(await measure({ nulls: true })).toEqual([type, { greatest: last, nulls }]);
        expect(await measure({}, 2)).toEqual([type, { greatest: values[1], nulls }]);
        expect(await measure({}, 1000)).toEqual([type, { greatest: last, nulls }]);
        expect(await measure({ from: { value: values[0], inclusive: false } }, 1)).toEqual([
          type,
          { greatest: values[1], nulls },
        ]);
        expect(await measure({ to: { value: values[1], inclusive: false } })).toEqual([
          type,
          { greatest: values[0], nulls },
        ]);
        expect(await measure({ from: { value: last, inclusive: false } })).toEqual([
          type,
          { greatest: undefined, nulls },
        ]);
      });
    });
  });
}
