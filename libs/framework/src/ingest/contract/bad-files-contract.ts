import { describe, expect, it } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WatchedServer } from '../../engines/contract/places-contract.ts';
import { filesSource } from '../../model/files-source.ts';
import { loadBench } from './load-bench.ts';

const good = { id: '', amount: '5', price: '1.50', day: '2024-02-29', label: 'x' };

/** A field that spoils its row, as bytes. */
const spoilt: readonly (readonly [column: keyof typeof good, value: string | Buffer, reason: string])[] = [
  ['amount', '12x', 'wrong_type'],
  ['amount', '2147483648', 'out_of_range'],
  ['price', '1.005', 'too_precise'],
  ['day', '2023-02-29', 'out_of_range'],
  ['label', 'abcdef', 'too_long'],
  ['label', '', 'null_in_required'],
  ['label', Buffer.from([0x61, 0xff, 0x62]), 'invalid_text'],
  ['label', 'a\0b', 'invalid_text'],
  ['id', '1', 'duplicate_key'],
];

/** Files that hold everything that a file should not. */
export function describeBadFiles(name: string, start: () => Promise<WatchedServer>): void {
  describe(`files with bad rows, into ${name}`, () => {
    const bench = loadBench(start);
    const read = (options = {}, contract = {}) =>
      bench().load(contract, options, filesSource({ system: 'shop', path: join(bench().out, 'in') }));

    /** @returns how many of the rows are bad */
    function write(every: number): number {
      const lines: Buffer[] = [Buffer.from(`${Object.keys(good).join(',')}\n`)];
      let bad = 0;
      for (let id = 1; id <= 2000; id++) {
        const [column, value] = id % every === 0 ? spoilt[bad++ % spoilt.length]! : ([] as const);
        const fields = Object.entries({ ...good, id: `${id}` }).map(([each, text]) =>
          Buffer.from(each === column ? (value as Buffer) : text),
        );
        lines.push(Buffer.concat(fields.flatMap((field, index) => (index > 0 ? [Buffer.from(','), field] : [field]))));
        lines.push(Buffer.from('\n'));
      }
      mkdirSync(join(bench().out, 'in'), { recursive: true });
      writeFileSync(join(bench().out, 'in', 'item.csv'), Buffer.concat(lines));
      return bad;
    }

    it.each([
      ['0.1 %', 1000],
      ['10 %', 10],
      ['100 %', 1],
    ])('are counted and kept, %s of them, and the others load', async (_, every) => {
      const bad = write(every);
      const { table, error } = await read({ maxBadRows: '100%' });
      expect(error).toBeUndefined();
      // Where no row is good, the first row of a key is the good one.
      const loaded = every === 1 ? 1 : 2000 - bad;
      expect(table).toMatchObject({ read: 2000, loaded, quarantined: 2000 - loaded });
      const { rows, ledger, named } = bench();
      const kept = await rows<{ column_name: string; reason: string; file: string; line: number }>(
        `select column_name, reason, file, line from ${ledger('quarantine')} order by line`,
      );
      const expected = Array.from({ length: bad }, (__, index) => spoilt[index % spoilt.length]!);
      const places = expected.map(([column, , reason], index) => [column, reason, 'item.csv', every * (index + 1) + 1]);
      const shown = kept.map((row) => [row.column_name, row.reason, row.file, Number(row.line)]);
      expect(shown).toEqual(every === 1 ? places.filter((__, index) => index !== spoilt.length - 1) : places);
      expect(await rows(`select distinct amount, label from ${named('item')}`)).toEqual([{ amount: 5, label: 'x' }]);
    });

    it('are refused when there are more than allowed, naming lines and no values', async () => {
      write(1000);
      expect((await read({ maxBadRows: 2 })).table).toMatchObject({ read: 2000, loaded: 1998, quarantined: 2 });
      const before = await bench().rows(`select * from ${bench().named('item')} order by id`);
      write(500);
      const { error, findings } = await read({ maxBadRows: '0.1%' });
      expect(error).toMatchObject({ code: 'BAD_ROWS', details: { read: 2000, bad: 4 } });
      expect(error?.message).toContain(
        'item.amount: wrong_type in 1 row (is no value of the declared type; item.csv:501)',
      );
      expect(`${error?.message}${JSON.stringify([error, findings])}`).not.toMatch(/12x|2147483648|1\.005/);
      expect(await bench().rows(`select * from ${bench().named('item')} order by id`)).toEqual(before);
      expect(await bench().rows(`select load_id from ${bench().ledger('loads')}`)).toHaveLength(1);
    });
  });
}
