import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDuckDb, type DuckDb } from '../../files/duckdb.ts';
import type { RawRows } from '../../files/raw-rows.ts';
import { formatColumnType } from '../../model/column-type.ts';
import { FilesConnector } from './files-connector.ts';

/** Values of a row by their columns, in their order; undefined for a key that is not there. */
export type ContractRow = Readonly<Record<string, string | number | null | undefined>>;

/** One way to write rows into files. */
export interface FileKind {
  /** With the dot: `.csv.gz`. */
  readonly ending: string;
  /** Whether columns without a value are known. */
  readonly knowsColumns: boolean;
  readonly typed: boolean;
  /** @param columns names of all of them */
  write(path: string, columns: readonly string[], rows: readonly ContractRow[], duckdb: DuckDb): Promise<void>;
}

const hostile = `we"ird 'name'; -- ?`;
const manyRows = 100_000;

/** What the connector must do with each kind of file; what a connector of typed rows must do beside is `connector-contract.ts`. */
export function describeFilesOf(name: string, kind: FileKind): void {
  describe(name, () => {
    let root: string;
    let duckdb: DuckDb;
    const path = (table: string): string => join(root, `${table}${kind.ending}`);
    const connect = (at = root): FilesConnector =>
      new FilesConnector({ path: at, format: undefined, dialect: {}, tables: new Map() });
    beforeAll(async () => {
      root = realpathSync(mkdtempSync(join(tmpdir(), 'datakit-files-')));
      duckdb = await openDuckDb(join(root, '.tmp'));
      const columns = ['id', 'label'];
      const items = [
        { id: 1, label: 'a' },
        { id: 2, label: null },
        { id: 3, label: 'a\tb"c\\\r\nd' },
      ];
      await kind.write(path('item'), columns, items, duckdb);
      await kind.write(path('empty'), columns, [], duckdb);
      await kind.write(path(hostile), [hostile], [{ [hostile]: 'x' }], duckdb);
      const large = Array.from({ length: manyRows }, (_, id) => ({ id, label: 'x'.repeat(100) }));
      await kind.write(path('large'), columns, large, duckdb);
      mkdirSync(join(root, 'parts', '2024'), { recursive: true });
      await kind.write(path('parts/b'), columns, [{ id: 2, label: 'b' }], duckdb);
      await kind.write(path('parts/2024/a'), ['label', 'id'], [{ label: 'a', id: 1 }], duckdb);
    }, 60_000);
    afterAll(() => {
      duckdb?.[Symbol.dispose]();
      rmSync(root, { recursive: true, force: true });
    });

    async function read(connector: FilesConnector, table: string, columns = ['id', 'label']): Promise<RawRows> {
      const request = { schema: 'files', table, columns, folder: join(root, '.tmp') };
      return await connector.withSnapshot((snapshot) => snapshot.readRaw!(request, duckdb));
    }
    async function rowsOf(raw: RawRows): Promise<unknown[][]> {
      const columns = [...raw.columns.values()].join(', ');
      return (
        await duckdb.connection.runAndReadAll(`select ${columns} from ${raw.table}`)
      ).getRowsJson() as unknown[][];
    }

    it('connects, and says where', async () => {
      await using connector = connect();
      await connector.testConnection();
      expect(connector.description).toBe(`files at ${root}`);
      expect([connector.host, connector.typed]).toEqual(['localhost', false]);
      expect(await connector.listSchemas()).toEqual(['files']);
      await expect(connect(join(root, 'nowhere')).testConnection()).rejects.toMatchObject({
        code: 'SOURCE_UNAVAILABLE',
      });
    });

    it('lists the tables with their columns, or just those that are asked for', async () => {
      await using connector = connect();
      const tables = await connector.listTables('files');
      expect(tables.map((table) => table.name)).toEqual(['empty', 'item', 'large', 'parts', hostile].sort());
      const [item, ...others] = await connector.listTables('files', ['item', 'not_there', `it's`, 'ITEM']);
      expect(others).toEqual([]);
      expect(item?.columns.map((column) => [column.name, formatColumnType(column.type)])).toEqual([
        ['id', kind.typed ? 'integer' : 'text'],
        ['label', 'text'],
      ]);
      expect(item?.estimatedRows).toBe(kind.typed ? 3 : undefined);
      expect(await connector.listTables('no_such_schema')).toEqual([]);
      expect(await connector.listTables('files', [])).toEqual([]);
      const [empty] = await connector.listTables('files', ['empty']);
      expect(empty?.columns.map((column) => column.name)).toEqual(kind.knowsColumns ? ['id', 'label'] : []);
    });

    it('reads every value of the columns that are asked for, in the order of the file', async () => {
      await using connector = connect();
      expect(await rowsOf(await read(connector, 'item'))).toEqual([
        ['1', 'a'],
        ['2', null],
        ['3', 'a\tb"c\\\r\nd'],
      ]);
      expect(await rowsOf(await read(connector, 'item', ['label']))).toEqual([['a'], [null], ['a\tb"c\\\r\nd']]);
      expect(await rowsOf(await read(connector, hostile, [hostile]))).toEqual([['x']]);
      expect(await rowsOf(await read(connector, 'empty'))).toEqual([]);
    });

    it('reads a folder as one table, by the names of its files and of their columns', async () => {
      await using connector = connect();
      const raw = await read(connector, 'parts');
      expect(await rowsOf(raw)).toEqual([
        ['1', 'a'],
        ['2', 'b'],
      ]);
      expect(raw.files?.map((file) => file.name)).toEqual([`parts/2024/a${kind.ending}`, `parts/b${kind.ending}`]);
    });

    it('reads many rows', async () => {
      await using connector = connect();
      const raw = await read(connector, 'large');
      const sums = `select count(*)::integer, count(distinct line)::integer, sum(length(c1))::bigint, sum(c0::bigint)::bigint from ${raw.table}`;
      const [row] = (await duckdb.connection.runAndReadAll(sums)).getRowsJson();
      expect(row).toEqual([manyRows, manyRows, `${manyRows * 100}`, `${(manyRows * (manyRows - 1)) / 2}`]);
    });

    it('notices a file that is not the one that was listed', async () => {
      await using connector = connect();
      await connector.listTables('files', ['parts']);
      appendFileSync(path('parts/b'), '\n');
      await expect(read(connector, 'parts')).rejects.toMatchObject({ code: 'SOURCE_CHANGED', retryable: true });
    });
  });
}
