import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatColumnType, parseColumnType } from '../model/column-type.ts';
import type { SourceConnector, SourceSnapshot } from './source-connector.ts';

/** A system to read from, with `contract.item` (id integer, label text) holding three rows, and `contract.empty`. */
export interface ContractSource {
  readonly schema: string;
  /** One for every way to connect. */
  readonly connectors: Readonly<Record<string, () => SourceConnector>>;
  /** A connector that nobody answers, and one that is refused. */
  readonly unreachable: () => SourceConnector;
  readonly refused: () => SourceConnector;
  /** The secret that no output may hold. */
  readonly secret: string;
  /** Adds a row to `item` and commits. */
  addRow(): Promise<void>;
  /** Sessions that are open in the source, beside the contract's own. */
  openSessions(): Promise<number>;
  stop(): Promise<void>;
}

/** What every connector must do, against a real system. */
export function describeConnector(name: string, start: () => Promise<ContractSource>): void {
  describe(name, () => {
    let source: ContractSource;
    beforeAll(async () => void (source = await start()));
    afterAll(() => source?.stop());

    const anyConnector = (): SourceConnector => Object.values(source.connectors)[0]!();

    async function rows(snapshot: SourceSnapshot, table = 'item'): Promise<string> {
      const { rows: stream } = await snapshot.read({
        schema: source.schema,
        table,
        columns: [
          { name: 'id', from: 'id', type: parseColumnType('integer') },
          { name: 'renamed', from: 'label', type: parseColumnType('text') },
        ],
        constants: [{ name: 'constant', type: parseColumnType('text'), value: `it's` }],
        format: 'json-lines',
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
      expect(tables.map((table) => table.name)).toEqual(expect.arrayContaining(['empty', 'item']));
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
      await using connector = source[what]();
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
