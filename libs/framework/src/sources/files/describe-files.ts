import { DatakitError } from '../../errors/datakit-error.ts';
import { readHeader } from '../../files/read/csv-header.ts';
import { parquetColumns, parquetRowCount } from '../../files/read/parquet-columns.ts';
import type { StampedFile } from '../../files/read/read-files.ts';
import { readKeys } from '../../files/read/read-json.ts';
import { parquetError } from '../../files/read/read-parquet.ts';
import type { DuckDb } from '../../files/duckdb.ts';
import { formatColumnType, type ColumnType } from '../../model/column-type.ts';
import type { CsvDialect } from '../../model/csv-dialect.ts';
import type { SourceTable } from '../source-connector.ts';

/** What the files of one table hold together. */
export interface DescribeRequest {
  readonly table: string;
  readonly files: readonly StampedFile[];
  readonly dialect: CsvDialect;
  readonly header: readonly string[] | undefined;
  /** Opens DuckDB, where a file needs it. */
  readonly duckdb: () => Promise<DuckDb>;
}

type Columns = ReadonlyMap<string, ColumnType>;
const text: ColumnType = { kind: 'text' };

/**
 * The columns of a table that is files: of csv those of the header, of JSON every key that any object has, of Parquet
 * those of its footer, with their types. Files of csv and of Parquet have to agree on their columns, in any order.
 *
 * @throws CONTRACT where they do not, SOURCE_UNREADABLE
 */
export async function describeFiles(request: DescribeRequest): Promise<SourceTable> {
  const { table, files } = request;
  const described: Columns[] = [];
  let rows = 0;
  for (const stamped of files) {
    described.push(await columnsOf(stamped, request));
    if (stamped.file.format === 'parquet') {
      rows += await parquetRowCount(await request.duckdb(), stamped.file.path);
    }
  }
  const [first] = files;
  const isJson = first?.file.format === 'json';
  if (!isJson) requireSameColumns(files, described);
  const columns: Columns = isJson ? new Map(described.flatMap((each) => [...each])) : (described[0] ?? new Map());
  return {
    name: table,
    columns: [...columns].map(([name, type]) => ({ name, type, nullable: true })),
    estimatedRows: first?.file.format === 'parquet' ? rows : undefined,
    // A key that no object has may only be null in all of them.
    ...(isJson ? { sparse: true } : {}),
  };
}

async function columnsOf({ file, stamp }: StampedFile, { dialect, header, duckdb }: DescribeRequest): Promise<Columns> {
  const texts = (names: readonly string[]): Columns => new Map(names.map((name) => [name, text]));
  switch (file.format) {
    case 'csv':
      return texts(header ?? (await readHeader(file, stamp, dialect)));
    case 'json':
      return texts(await readKeys(file, stamp));
    case 'parquet':
      try {
        return new Map((await parquetColumns(await duckdb(), file.path)).map(({ name, type }) => [name, type]));
      } catch (error) {
        throw error instanceof DatakitError ? error : parquetError(file, error);
      }
  }
}

function requireSameColumns(files: readonly StampedFile[], described: readonly Columns[]): void {
  const [first = new Map<string, ColumnType>()] = described;
  const differences = described.flatMap((columns, index) => {
    const { name } = (files[index] as StampedFile).file;
    const lacking = [...first.keys()]
      .filter((column) => !columns.has(column))
      .map((column) => `${name} lacks ${JSON.stringify(column)}`);
    const more = [...columns].flatMap(([column, type]) => {
      const there = first.get(column);
      if (!there) return [`${name} has ${JSON.stringify(column)} besides`];
      if (formatColumnType(there) === formatColumnType(type)) return [];
      return [
        `${name} has ${JSON.stringify(column)} as ${formatColumnType(type)} instead of ${formatColumnType(there)}`,
      ];
    });
    return [...lacking, ...more];
  });
  if (differences.length === 0) return;
  throw new DatakitError({
    code: 'CONTRACT',
    message: `The files of one table do not have the same columns as ${(files[0] as StampedFile).file.name}; nothing was loaded:\n${differences.map((line) => `- ${line}`).join('\n')}`,
    hint: 'Have them written alike, or make them tables of their own: source: { files: "…" } in table().',
    details: { differences },
  });
}
