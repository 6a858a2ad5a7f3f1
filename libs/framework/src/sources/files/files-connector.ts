import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainDescription, type TableDescription } from '../../engines/table-description.ts';
import { DatakitError } from '../../errors/datakit-error.ts';
import { openDuckDb, type DuckDb } from '../../files/duckdb.ts';
import { readFiles, type StampedFile } from '../../files/read/read-files.ts';
import { stampOf } from '../../files/read/source-file.ts';
import type { RawRequest, RawRows } from '../../files/raw-rows.ts';
import type { CsvDialect } from '../../model/csv-dialect.ts';
import type { WireFormat } from '../../model/wire-format.ts';
import { SourceConnector, type SourceFileState, type SourceSnapshot, type SourceTable } from '../source-connector.ts';
import { describeFiles } from './describe-files.ts';
import { findPlace } from './file-place.ts';
import { findTables, resolveFiles, type FileRules } from './find-files.ts';
import { guessTypes } from './guess-types.ts';

/** What a connector of files is told. */
export interface FilesSettings extends FileRules {
  /** Absolute; a folder, a file or a glob. */
  readonly path: string;
  readonly dialect: CsvDialect;
}

/** The one schema; files have none. */
const schemaName = 'files';

/**
 * CSV, JSON and Parquet files. Nothing holds them still: each is read once, and has to be the one that was found when
 * its table was first looked at, until a snapshot ends.
 */
export class FilesConnector extends SourceConnector {
  readonly host = 'localhost';
  readonly defaultSchema = schemaName;
  readonly description: string;
  override readonly typed: boolean = false;
  readonly formats: readonly WireFormat[] = [];
  readonly #settings: FilesSettings;
  readonly #found = new Map<string, Promise<StampedFile[]>>();
  #duckdb: Promise<DuckDb> | undefined;

  constructor(settings: FilesSettings) {
    super();
    this.#settings = settings;
    this.description = `files at ${settings.path}`;
  }

  async testConnection(): Promise<void> {
    await findPlace(this.#settings.path);
  }

  async listSchemas(): Promise<string[]> {
    await this.testConnection();
    return [schemaName];
  }

  async listTables(schema: string, names?: readonly string[]): Promise<SourceTable[]> {
    if (schema !== schemaName) return [];
    const { dialect, tables } = this.#settings;
    const listed: SourceTable[] = [];
    for (const table of names ?? (await this.listTableNames(schema))) {
      const files = await this.#files(table);
      if (files.length === 0) continue;
      const header = tables.get(table)?.header;
      listed.push(await describeFiles({ table, files, dialect, header, duckdb: () => this.#openDuckDb() }));
    }
    return listed;
  }

  /** Of texts, what every one of them is: nothing else tells the types of csv and JSON. */
  override async describeTables(schema: string, names?: readonly string[]): Promise<TableDescription[]> {
    const described: TableDescription[] = [];
    for (const table of await this.listTables(schema, names)) {
      const plain = plainDescription(table);
      const [first] = await this.#files(table.name);
      described.push(first?.file.format === 'parquet' ? plain : await this.#guess(plain));
    }
    return described;
  }

  async #guess(table: TableDescription): Promise<TableDescription> {
    const folder = await mkdtemp(join(tmpdir(), 'datakit-guess-'));
    try {
      // Of its own, because it holds all rows.
      using duckdb = await openDuckDb(folder);
      const columns = table.columns.map(({ name }) => name);
      const rows = await this.#readRaw({ schema: schemaName, table: table.name, columns, folder }, duckdb);
      const guessed = await guessTypes(rows, duckdb);
      return {
        ...table,
        columns: table.columns.map((column) => {
          const type = guessed.get(column.name);
          return type === undefined ? column : { ...column, type, guessed: true };
        }),
      };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  override async listTableNames(schema: string): Promise<string[]> {
    if (schema !== schemaName) return [];
    const place = await findPlace(this.#settings.path);
    return [...(await findTables(place, this.#settings)).keys()].sort();
  }

  override async listFiles(table: string): Promise<SourceFileState[]> {
    return (await this.#find(table)).map(({ file, stamp }) => ({
      name: file.name,
      bytes: Number(stamp.size),
      changedAt: new Date(Number(stamp.modified / 1_000_000n)),
    }));
  }

  async openSnapshot(): Promise<SourceSnapshot> {
    return {
      read: () => {
        throw new DatakitError({ code: 'INTERNAL', message: 'Files are read through readRaw().' });
      },
      readRaw: (request, duckdb) => this.#readRaw(request, duckdb),
      // The next snapshot is one of what is there then.
      [Symbol.asyncDispose]: async () => this.#found.clear(),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = await this.#duckdb;
    this.#duckdb = undefined;
    opened?.[Symbol.dispose]();
  }

  async #readRaw(request: RawRequest, duckdb: DuckDb): Promise<RawRows> {
    const files = await this.#files(request.table);
    const { dialect, tables } = this.#settings;
    return await readFiles(files, request, { dialect, header: tables.get(request.table)?.header }, duckdb);
  }

  /** The files of a table, in the state in which they were first seen. */
  #files(table: string): Promise<StampedFile[]> {
    const found = this.#found.get(table) ?? this.#find(table);
    this.#found.set(table, found);
    return found;
  }

  async #find(table: string): Promise<StampedFile[]> {
    const place = await findPlace(this.#settings.path);
    const names = (await findTables(place, this.#settings)).get(table) ?? [];
    const files = await resolveFiles(place, table, names, this.#settings);
    return await Promise.all(
      files.map(async (file) => ({ file, stamp: stampOf(await stat(file.path, { bigint: true })) })),
    );
  }

  /** For the footers of Parquet files, which fit into the memory: the folder is never made. */
  #openDuckDb(): Promise<DuckDb> {
    this.#duckdb ??= openDuckDb(join(tmpdir(), `datakit-files-${process.pid}`));
    return this.#duckdb;
  }
}
