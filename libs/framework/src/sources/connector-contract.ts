import { text as textOf } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatColumnType, parseColumnType } from '../model/column-type.ts';
import type { WireFormat } from '../model/wire-format.ts';
import { describeCatalogue } from './catalogue-contract.ts';
import { hostileName, largeRows, type ContractSource } from './contract-source.ts';
import type { SourceConnector, SourceSnapshot } from './source-connector.ts';

/** What every connector must do, against a real system. */
export function describeConnector(name: string, start: () => Promise<ContractSource>): void {
  describe(name, () => {
    let source: ContractSource;
    beforeAll(async () => void (source = await start()));
    afterAll(() => source?.stop());

    const anyConnector = (): SourceConnector => Object.values(source.connectors)[0]!();

    async function rows(snapshot: SourceSnapshot, table = 'item', format: WireFormat = 'json-lines'): Promise<string> {
      const { rows: stream } = await snapshot.read({
        schema: source.schema,
        table,
        columns: [
          { name: 'id', from: 'id', type: parseColumnType('integer') },
          { name: 'renamed', from: 'label', type: parseColumnType('text') },
        ],
        constants: [{ name: 'constant', type: parseColumnType('text'), value: `it's` }],
        format,
      });
      return textOf(stream);
    }

    it('connects in every way, says where, and leaves no session', async () => {
      for (const [way, make] of Object.entries(source.connectors)) {
        await using connector = make();
        await connector.testConnection();
        expect([way, connector.description]).toEqual([way, expect.not.stringContaining(source.secret)]);
        expect([way, connector.host]).toEqual([way, expect.stringMatching(/^(localhost|127\.0\.0\.1)$/)]);
        expect(await connector.listSchemas()).toContain(source.schema);
      }
      expect(await source.openSessions()).toBe(0);
    });

    it('lists the tables of a schema with their columns, or just those that are asked for', async () => {
      await using connector = anyConnector();
      const tables = await connector.listTables(source.schema);
      expect(tables.map((table) => table.name)).toEqual(expect.arrayContaining(['empty', 'item', 'seen', hostileName]));
      const [item, ...others] = await connector.listTables(source.schema, ['item', 'not_there', `it's`]);
      expect(others).toEqual([]);
      expect(item?.columns.map((column) => [column.name, formatColumnType(column.type), column.nullable])).toEqual([
        ['id', 'integer', false],
        ['label', 'text', true],
      ]);
      expect(item?.estimatedRows).toBe(3);
      expect(await connector.listTables('no_such_schema')).toEqual([]);
      expect(await connector.listTables(source.schema, [])).toEqual([]);
    });

    it('sends the same rows in every format', async () => {
      await using connector = anyConnector();
      await connector.withSnapshot(async (snapshot) => {
        expect(await rows(snapshot, 'item', 'text-rows')).toBe(`1\ta\tit's\n2\t\\N\tit's\n3\ta\\tb"c\\\\\tit's\n`);
        expect(await rows(snapshot, 'item', 'postgres-text')).toBe(await rows(snapshot, 'item', 'text-rows'));
        const lines = (await rows(snapshot)).trimEnd().split('\n');
        const constant = `it's`;
        expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
          { id: 1, renamed: 'a', constant },
          { id: 2, renamed: null, constant },
          { id: 3, renamed: 'a\tb"c\\', constant },
        ]);
        expect((await rows(snapshot, 'item', 'csv')).replaceAll(/"(a|it's)"/g, '$1')).toBe(
          `1,a,it's\n2,\\N,it's\n3,"a\tb""c\\",it's\n`,
        );
      });
    });

    it('reads a view, and names that are written to do harm', async () => {
      await using connector = anyConnector();
      await connector.withSnapshot(async (snapshot) => {
        const read = async (table: string, from: string): Promise<string> => {
          const columns = [{ name: 'one', from, type: parseColumnType(table === 'seen' ? 'integer' : 'text') }];
          const request = { schema: source.schema, table, columns, constants: [], format: 'text-rows' } as const;
          return textOf((await snapshot.read(request)).rows);
        };
        expect(await read('seen', 'id')).toBe('1\n2\n3\n');
        expect(await read(hostileName, hostileName)).toBe('x\n');
      });
    });

    describeCatalogue(() => source);

    it('sends no more than its reader takes', async () => {
      await using connector = anyConnector();
      await connector.withSnapshot(async (snapshot) => {
        const columns = [
          { name: 'id', from: 'id', type: parseColumnType('integer') },
          { name: 'label', from: 'label', type: parseColumnType('text') },
        ];
        const request = { schema: source.schema, table: 'large', columns, constants: [], format: 'text-rows' } as const;
        const stream = await snapshot.read(request);
        const chunks = stream.rows[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
        let read = (await chunks.next()).value.length as number;
        await settled(() => stream.bytes());
        expect(stream.bytes() - read).toBeLessThan(4_000_000);
        for (let next = await chunks.next(); !next.done; next = await chunks.next()) read += next.value.length;
        expect(read).toBe(stream.bytes());
        expect(read).toBeGreaterThan(largeRows * 100);
        expect(await stream.rowCount()).toBe(largeRows);
      });
    });

    it('reads one moment, also where the source changes meanwhile', async () => {
      await using connector = anyConnector();
      await connector.withSnapshot(async (snapshot) => {
        const before = await rows(snapshot);
        await source.addRow();
        expect(await rows(snapshot)).toBe(before);
        expect(await Promise.all([rows(snapshot), rows(snapshot)])).toEqual([before, before]);
      });
      expect((await connector.withSnapshot((snapshot) => rows(snapshot))).split('\n')).toHaveLength(4 + 1);
      expect(await source.openSessions()).toBe(0);
    });

    it('sends nothing for an empty table, and counts its rows', async () => {
      await using connector = anyConnector();
      await connector.withSnapshot(async (snapshot) => expect(await rows(snapshot, 'empty')).toBe(''));
    });

    it('cannot change the source', async () => {
      await using connector = anyConnector();
      await connector.withSnapshot(async (snapshot) => {
        const hostile = { name: 'x', from: 'id"; drop table contract.item; --', type: parseColumnType('text') };
        const read = async (): Promise<string> => {
          const { rows: stream } = await snapshot.read({
            schema: source.schema,
            table: 'item',
            columns: [hostile],
            constants: [],
            format: 'csv',
          });
          return textOf(stream);
        };
        await expect(read()).rejects.toThrow();
      });
      expect((await connector.listTables(source.schema, ['item'])).length).toBe(1);
    });

    it('closes everything when a stream is left in the middle', async () => {
      const connector = anyConnector();
      const snapshot = await connector.openSnapshot();
      const { rows: stream } = await snapshot.read({
        schema: source.schema,
        table: 'item',
        columns: [{ name: 'id', from: 'id', type: parseColumnType('integer') }],
        constants: [],
        format: 'csv',
      });
      stream.on('error', () => undefined);
      stream.destroy();
      await connector[Symbol.asyncDispose]();
      expect(await source.openSessions()).toBe(0);
    });

    it.each([
      ['unreachable', 'SOURCE_UNAVAILABLE'],
      ['refused', 'AUTH_FAILED'],
    ] as const)('that is %s says %s within seconds, and never the password', async (what, code) => {
      const make = source[what];
      if (!make) return;
      await using connector = make();
      const begun = performance.now();
      const error = await connector.testConnection().then(
        () => undefined,
        (thrown: unknown) => thrown as Error,
      );
      expect(performance.now() - begun).toBeLessThan(12_000);
      expect(error).toMatchObject({ code });
      const shown = `${error?.message}${error?.stack}${JSON.stringify(error)}${Object.values(error ?? {})
        .map(String)
        .join()}`;
      for (const secret of [
        source.secret,
        encodeURIComponent(source.secret),
        Buffer.from(source.secret).toString('base64'),
      ]) {
        expect(shown).not.toContain(secret);
      }
    });
  });
}

/** Waits until a number has stopped growing. */
async function settled(read: () => number): Promise<void> {
  for (let same = 0, last = -1; same < 4; await sleep(50)) {
    const now = read();
    same = now === last ? same + 1 : 0;
    last = now;
  }
}
