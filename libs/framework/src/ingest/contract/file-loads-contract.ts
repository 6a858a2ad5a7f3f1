import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { WatchedServer } from '../../engines/contract/places-contract.ts';
import type { CsvDialect } from '../../model/csv-dialect.ts';
import { filesSource } from '../../model/files-source.ts';
import type { ContractModes } from '../../model/source-contract.ts';
import type { IngestOptions } from '../ingest-request.ts';
import { loadBench, type Outcome } from './load-bench.ts';

const header = 'id,amount,price,day,label';
const good = (id: number): string => `${id},${id},1.50,2024-02-29,x`;

/** Lines that are no rows, each with its reason and the column that the quarantine names. */
const badLines: readonly (readonly [line: (id: number) => string, reason: string, column: string | null])[] = [
  [(id) => `${id},12x,1,,x`, 'wrong_type', 'amount'],
  [(id) => `${id},1,1,,x,more`, 'wrong_field_count', null],
  [(id) => `${id},1,1,,x" y`, 'unreadable_line', null],
  [(id) => `${id},1,1,2023-02-29,x`, 'out_of_range', 'day'],
  [(id) => `${id},1,1,,caf\xe9`, 'invalid_text', 'label'],
  [(id) => `${id},1,1,,`, 'null_in_required', 'label'],
  [(id) => `${id}`, 'wrong_field_count', null],
  [(id) => `${id},1,1,,longer than five`, 'too_long', 'label'],
];

/** What becomes of files of every kind, in every engine. */
export function describeFileLoads(name: string, start: () => Promise<WatchedServer>): void {
  describe(`files into ${name}`, () => {
    const bench = loadBench(start);
    let folder: string;
    // Not where tests are collected: skipped ones would leave it.
    beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'datakit-files-'))));
    const write = (file: string, content: string | Buffer): void => {
      mkdirSync(join(folder, file, '..'), { recursive: true });
      writeFileSync(join(folder, file), content);
    };
    const load = (
      options: Partial<IngestOptions> = {},
      contract: ContractModes = {},
      csv?: CsvDialect,
    ): Promise<Outcome> =>
      bench().load(contract, options, filesSource({ system: 'till', path: folder, ...(csv ? { csv } : {}) }));
    const items = async (): Promise<unknown[][]> => {
      const found = await bench().rows<{ id: number; label: string }>(
        `select id, label from ${bench().named('item')} order by id`,
      );
      return found.map(({ id, label }) => [id, label]);
    };
    const quarantine = async (): Promise<unknown[][]> => {
      const found = await bench().rows<Record<string, unknown>>(
        `select file, line, reason, column_name from ${bench().ledger('quarantine')} order by file, line`,
      );
      return found.map((row) => [row['file'], Number(row['line']), row['reason'], row['column_name']]);
    };
    beforeEach(() => {
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it.each([
      ['0.1 %', 1000],
      ['10 %', 10],
      ['all', 1],
    ])('load beside bad lines, %s of them, each of which is kept with its file and line', async (_, every) => {
      const expected: unknown[][] = [];
      const lines = Array.from({ length: 2000 }, (_, index) => {
        if ((index + 1) % every !== 0) return good(index);
        const [line, reason, column] = badLines[expected.length % badLines.length]!;
        expected.push(['item.csv', index + 2, reason, column]);
        return line(index);
      });
      write('item.csv', Buffer.from(`${[header, ...lines].join('\n')}\n`, 'latin1'));
      const refused = await load({ maxBadRows: expected.length - 1 });
      expect(refused.error).toMatchObject({ code: 'BAD_ROWS', details: { read: 2000, bad: expected.length } });
      expect(await items()).toEqual([]);
      const { table, error } = await load({ maxBadRows: expected.length });
      expect(error).toBeUndefined();
      expect(table).toMatchObject({ read: 2000, loaded: 2000 - expected.length, quarantined: expected.length });
      expect(await items()).toHaveLength(2000 - expected.length);
      expect(await quarantine()).toEqual(expected);
    });

    it('with a byte-order mark, CRLF and quoted newlines hold the same rows', async () => {
      write(
        'item.csv',
        `\ufefflabel,day,price,amount,id\r\n"a\r\nb",,,,1\r\n"""",2024-02-29,.5,7,2\r\n"x",,bad,,3\r\n`,
      );
      const { table, error } = await load({ maxBadRows: 1 });
      expect(error).toBeUndefined();
      expect(table).toMatchObject({ read: 3, loaded: 2, quarantined: 1 });
      expect(await items()).toEqual([
        [1, 'a\r\nb'],
        [2, '"'],
      ]);
      expect(await quarantine()).toEqual([['item.csv', 5, 'wrong_type', 'price']]);
      const [row] = await bench().rows(
        `select bronze_source_system, bronze_source_table, bronze_source_host from ${bench().named('item')}`,
      );
      expect(Object.values(row ?? {})).toEqual(['till', 'item', 'localhost']);
    });

    it('whose last line was cut lose it to the quarantine, or are refused', async () => {
      write('item.csv', `${header}\n${good(1)}\n2,2,1.50,2024-02-29,cu`);
      expect((await load()).error).toMatchObject({ code: 'BAD_ROWS' });
      expect(await items()).toEqual([]);
      expect((await load({ maxBadRows: 1 })).table).toMatchObject({ read: 2, loaded: 1, quarantined: 1 });
      expect(await quarantine()).toEqual([['item.csv', 3, 'truncated_line', null]]);
      expect((await load({}, {}, { lastLineEnd: 'optional' })).table).toMatchObject({ read: 2, loaded: 2 });
      write('item.csv', `${header}\n${good(1)}\n2,2,1.5`);
      expect((await load({}, {}, { lastLineEnd: 'optional' })).error).toMatchObject({ code: 'BAD_ROWS' });
    });

    it('with other columns end as the contract says', async () => {
      write('item.csv', `id,amount,price,label\n1,1,1,x\n`);
      expect((await load()).error).toMatchObject({
        code: 'CONTRACT',
        message: expect.stringContaining('item.day: declared date, not in the source'),
      });
      write('item.csv', `${header},more\n${good(1)},\n${good(2)},y\n`);
      expect((await load()).error).toMatchObject({ code: 'CONTRACT', message: expect.stringContaining('item.more') });
      expect((await load({}, { columns: 'discard_value' })).table).toMatchObject({ read: 2, loaded: 2 });
      expect((await load({}, { columns: 'discard_row' })).table).toMatchObject({ read: 2, loaded: 1, quarantined: 1 });
      expect(await quarantine()).toEqual([['item.csv', 3, 'unknown_column', 'more']]);
      expect((await load({}, { columns: 'evolve' })).table).toMatchObject({ read: 2, loaded: 2 });
      const [, second] = await bench().rows<{ extra: unknown }>(
        `select bronze_extra as extra from ${bench().named('item')} order by id`,
      );
      const extra = typeof second?.extra === 'string' ? (JSON.parse(second.extra) as unknown) : second?.extra;
      expect(extra).toEqual({ more: 'y' });
      write('item.csv', 'scrt,2,3,4,y\n5,6,7,,z\n');
      const headless = await load();
      expect(headless.error).toMatchObject({ code: 'CONTRACT', details: { tables: ['item'] } });
      expect(JSON.stringify([headless, headless.error?.message])).not.toContain('scrt');
      for (const twice of [`${header},id\n`, `${header},"LABEL"\n`]) {
        write('item.csv', twice);
        expect((await load()).error).toMatchObject({ code: 'CONTRACT' });
      }
      expect(await items()).toHaveLength(2);
    });

    it('that are empty, not there, elsewhere or changing leave everything as it was', async () => {
      write('item.csv', `${header}\n${good(1)}\n`);
      expect((await load()).table).toMatchObject({ loaded: 1 });
      const state = async (): Promise<unknown[]> => [
        await bench().rows(`select * from ${bench().named('item')}`),
        await bench().rows(`select * from ${bench().ledger('loads')} order by load_id`),
        await bench().rows(`select * from ${bench().ledger('files')} order by load_id`),
      ];
      const before = await state();
      const ends = async (code: string, options: Partial<IngestOptions> = {}): Promise<void> => {
        expect((await load(options)).error).toMatchObject({ code });
        expect(await state()).toEqual(before);
      };
      write('item.csv', '');
      await ends('SOURCE_UNREADABLE');
      rmSync(join(folder, 'item.csv'));
      await ends('SOURCE_TABLE_UNKNOWN');
      const elsewhere = `${folder}-elsewhere.csv`;
      writeFileSync(elsewhere, `${header}\n${good(5)}\n`);
      symlinkSync(elsewhere, join(folder, 'item.csv'));
      await ends('SOURCE_UNREADABLE');
      rmSync(elsewhere);
      rmSync(join(folder, 'item.csv'));
      write('item.csv', `${header}\n${good(2)}\n`);
      await ends('SOURCE_CHANGED', {
        onEvent: ({ kind }) => void (kind === 'source' && appendFileSync(join(folder, 'item.csv'), `${good(3)}\n`)),
      });
      write('item.csv', `${header}\n`);
      expect((await load()).table).toMatchObject({ read: 0, loaded: 0, quarantined: 0 });
      expect(await items()).toEqual([]);
    });

    it('with a cell of 10 MB are read, and the cell is kept where it cannot be loaded', async () => {
      const cell = 'long "cell",\n'.repeat(800_000);
      write('item.csv', `${header}\n1,,,,"${cell.replaceAll('"', '""')}"\n${good(2)}\n`);
      const { table, error } = await load({ maxBadRows: 1 });
      expect(error).toBeUndefined();
      expect(table).toMatchObject({ read: 2, loaded: 1, quarantined: 1 });
      expect(await quarantine()).toEqual([['item.csv', 2, 'too_long', 'label']]);
      const [kept] = await bench().rows<{ source_row: string }>(
        `select source_row from ${bench().ledger('quarantine')}`,
      );
      expect((JSON.parse(kept?.source_row ?? '{}') as { label: string }).label === cell).toBe(true);
    });

    it('of JSON lines may leave out keys, but none that has to have a value', async () => {
      write('item.ndjson', '{"id":1,"label":"a"}\n{"label":"b","id":2,"price":1.50}\n{"id":3}\nno json\n');
      const { table, error } = await load({ maxBadRows: 2 });
      expect(error).toBeUndefined();
      expect(table).toMatchObject({ read: 4, loaded: 2, quarantined: 2 });
      expect(await quarantine()).toEqual([
        ['item.ndjson', 3, 'null_in_required', 'label'],
        ['item.ndjson', 4, 'unreadable_line', null],
      ]);
      write('item.ndjson', '{"id":1,"label":"a"}\n{"id":2,"label":"b","lable":"typo"}\n');
      expect((await load()).error).toMatchObject({ code: 'CONTRACT', message: expect.stringContaining('item.lable') });
    });

    it('that were loaded are not loaded again by an incremental load', async () => {
      const append = { mode: 'incremental', disposition: 'append' } as const;
      const merge = { mode: 'incremental', disposition: 'merge' } as const;
      write('item/1.csv', `${header}\n${good(1)}\n`);
      expect((await load(append)).table).toMatchObject({ read: 1, loaded: 1 });
      expect((await load(append)).table).toMatchObject({ read: 0, loaded: 0 });
      write('item/2.csv', `${header}\n${good(2)}\n${good(3)}\n`);
      expect((await load(append)).table).toMatchObject({ read: 2, loaded: 2 });
      rmSync(join(folder, 'item/1.csv'));
      expect((await load(append)).table).toMatchObject({ read: 0, loaded: 0 });
      expect((await items()).map(([id]) => id)).toEqual([1, 2, 3]);
      const files = await bench().rows(`select name, format from ${bench().ledger('files')} order by name`);
      expect(files).toEqual([
        { name: 'item/1.csv', format: 'table' },
        { name: 'item/2.csv', format: 'table' },
      ]);

      write('item/2.csv', `${header}\n${good(2).slice(0, -1)}new\n${good(3)}\n`);
      expect((await load(append)).error).toMatchObject({ code: 'SOURCE_CHANGED', details: { file: 'item/2.csv' } });
      expect((await load(merge)).table).toMatchObject({ read: 2, loaded: 2 });
      expect((await load(merge)).table).toMatchObject({ read: 0, loaded: 0 });
      expect(await items()).toEqual([
        [1, 'x'],
        [2, 'new'],
        [3, 'x'],
      ]);

      write('item/3.csv', `${header}\n${good(3)}\n`);
      expect((await load(append)).error?.code).toMatch(/^(BAD_ROWS|TARGET_FAILED)$/);
      expect((await load({ mode: 'incremental' })).error).toMatchObject({ code: 'OPTION_INVALID' });
      rmSync(join(folder, 'item/3.csv'));
      expect((await load({ fullRefresh: true })).table).toMatchObject({ read: 2, loaded: 2 });
      expect((await items()).map(([id]) => id)).toEqual([2, 3]);
      expect((await load(append)).table).toMatchObject({ read: 0, loaded: 0 });
    });
  });
}
