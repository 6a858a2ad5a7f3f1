import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { v7 as uuidV7 } from 'uuid';
import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import type { WireFormat } from '../model/wire-format.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { LoadFiles, type FileFormat } from '../files/load-files.ts';
import { Ledger } from '../ledger/ledger.ts';
import { currentInstant } from '../report/instant.ts';
import type { SourceConnector, SourceSnapshot, SourceStream } from '../sources/source-connector.ts';
import { chooseFormat } from './choose-format.ts';
import { metadataConstants, type LoadMetadata } from './metadata-constants.ts';
import type { LoadedTable, OutputFormat } from './ingest-request.ts';
import { publishLoadedFiles, recoverFiles } from './publish-files.ts';
import type { TableContract } from './source-contract.ts';

/** Everything that the loads of one ingest have in common. */
export interface LoadContext {
  readonly datakit: string;
  readonly schema: string;
  readonly runId: string;
  readonly engine: Engine;
  readonly sourceSystem: string;
  readonly sourceSchema: string;
  readonly connector: SourceConnector;
  readonly snapshot: SourceSnapshot;
  readonly formats: readonly OutputFormat[];
  /** Output folder of files. */
  readonly out: string;
  readonly lockTimeout: number;
  readonly signal: AbortSignal;
  onProgress(table: string, bytes: number, seconds: number): void;
}

/**
 * Loads one table: its rows, its files and its row in the ledger become visible in one commit, or not at all.
 * Readers see the old rows until then, and everything that hangs on the table stays.
 */
export async function loadTable(contract: TableContract, context: LoadContext, session: Session): Promise<LoadedTable> {
  const { engine } = context;
  const begun = performance.now();
  const seconds = (): number => (performance.now() - begun) / 1000;
  const metadata: LoadMetadata = {
    loadId: uuidV7(),
    startedAt: currentInstant(),
    sourceSystem: context.sourceSystem,
    sourceTable: contract.sourceTable,
    sourceHost: context.connector.host,
    extractionMethod: 'full_snapshot',
  };
  const files = new LoadFiles(join(context.out, context.sourceSystem, contract.table.name));
  const fileFormats = context.formats.filter((format) => format !== 'table');
  const { table } = contract.table.structure;
  const transaction = {
    locks: [
      { key: `datakit:${context.schema}`, shared: true },
      { key: `table:${table.schema ?? ''}.${table.name}`, shared: false },
    ],
    timeoutSeconds: context.lockTimeout,
  };
  const ledger = new Ledger(engine, session);
  const reading = new ReadRows(contract, context, metadata, seconds);
  try {
    const result = await engine.transaction(session, transaction, async () => {
      await recoverFiles(files, ledger);
      const written = await writeFiles(files, fileFormats, metadata, reading);
      const published = context.formats.includes('table') ? await replaceRows(contract, context, session, reading) : 'files';
      const rows = reading.agreedRowCount();
      await ledger.recordLoad({
        loadId: metadata.loadId,
        runId: context.runId,
        datakit: context.datakit,
        table: contract.table.name,
        sourceSystem: metadata.sourceSystem,
        sourceTable: metadata.sourceTable,
        sourceHost: metadata.sourceHost,
        extractionMethod: metadata.extractionMethod,
        disposition: 'replace',
        published,
        formats: context.formats,
        rowsRead: rows,
        rowsLoaded: rows,
        rowsQuarantined: 0,
        bytes: reading.bytes,
        startedAt: metadata.startedAt,
      });
      refuseWhenStopped(context.signal);
      return { rows, published, paths: written };
    });
    if (fileFormats.length > 0) {
      await engine.transaction(session, transaction, () => publishLoadedFiles(files, metadata.loadId));
    }
    return {
      table: contract.table.name,
      loadId: metadata.loadId,
      status: 'succeeded',
      read: result.rows,
      loaded: result.rows,
      quarantined: 0,
      bytes: reading.bytes,
      seconds: seconds(),
      published: result.published,
      files: result.paths,
    };
  } catch (error) {
    await files.discard(metadata.loadId);
    throw context.signal.aborted ? cancelled(error) : error;
  }
}

/** Puts the source's rows in place of those that are there, inside the transaction. @returns how, for the report */
async function replaceRows(contract: TableContract, context: LoadContext, session: Session, reading: ReadRows): Promise<string> {
  const { engine } = context;
  const { table } = contract.table.structure;
  const format = chooseFormat(engine.copyIn.formats, context.connector.formats);
  const existing = await session.query(`select 1 as one from ${engine.quoteTable(table)} limit 1`);
  // Not truncate: it blocks readers until the commit, and shows an empty table to those with an older snapshot.
  if (existing.length > 0) await session.execute(`delete from ${engine.quoteTable(table)}`);
  const { addsConstants } = engine.copyIn;
  await reading.through(format, !addsConstants, (rows) =>
    engine.copyIn.write(
      session,
      {
        table,
        columns: addsConstants ? contract.columns : [...contract.columns, ...reading.constants],
        constants: addsConstants ? reading.constants : [],
        format,
      },
      rows,
    ),
  );
  return existing.length > 0 ? 'delete and insert' : 'insert';
}

/** Writes the files of a load aside. @returns their paths after publication */
async function writeFiles(
  files: LoadFiles,
  formats: readonly FileFormat[],
  metadata: LoadMetadata,
  reading: ReadRows,
): Promise<string[]> {
  if (formats.length === 0) return [];
  const folder = await files.stage(metadata.loadId);
  const parts: { name: string; rows: number; format: FileFormat }[] = [];
  if (formats.includes('parquet')) {
    const { writeParquet } = await import('../files/write-parquet.ts');
    await reading.through('csv', true, async (rows) => {
      const written = await writeParquet(folder, reading.allColumns, rows);
      parts.push(...written.map((part) => ({ ...part, format: 'parquet' as const })));
      return written.reduce((sum, part) => sum + part.rows, 0);
    });
  }
  if (formats.includes('json')) {
    const { writeJsonLines } = await import('../files/write-json-lines.ts');
    await reading.through('json-lines', true, async (rows, rowCount) => {
      const name = await writeJsonLines(folder, rows);
      parts.push({ name, rows: rowCount(), format: 'json' });
      return rowCount();
    });
  }
  const sealed = await files.seal({ loadId: metadata.loadId, publishedAt: metadata.startedAt }, parts);
  return sealed.map((file) => join(files.folder, file.path));
}

/** The rows of one table, read once for every form in which they are written, and counted at both ends. */
class ReadRows {
  bytes = 0;
  readonly constants: ReturnType<typeof metadataConstants>;
  readonly #contract: TableContract;
  readonly #context: LoadContext;
  readonly #seconds: () => number;
  readonly #counts: number[] = [];

  constructor(contract: TableContract, context: LoadContext, metadata: LoadMetadata, seconds: () => number) {
    this.#contract = contract;
    this.#context = context;
    this.#seconds = seconds;
    this.constants = metadataConstants(contract.table, metadata);
  }

  get allColumns(): readonly { name: string; type: ReturnType<typeof metadataConstants>[number]['type'] }[] {
    return [...this.#contract.columns, ...this.constants];
  }

  /** Streams the table in one format. @throws INTERNAL when the ends count differently: nothing may be lost silently */
  async through(
    format: WireFormat,
    withConstants: boolean,
    write: (rows: Readable, rowCount: () => number) => Promise<number>,
  ): Promise<void> {
    const { snapshot, sourceSchema, signal } = this.#context;
    refuseWhenStopped(signal);
    const stream = await snapshot.read({
      schema: sourceSchema,
      table: this.#contract.sourceTable,
      columns: this.#contract.columns,
      constants: withConstants ? this.constants : [],
      format,
    });
    const stop = (): void => void stream.rows.destroy(new Error('stopped'));
    signal.addEventListener('abort', stop, { once: true });
    const timer = setInterval(() => this.#tell(stream), 200);
    try {
      const written = await write(stream.rows, stream.rowCount);
      if (written !== stream.rowCount()) throw countsDiffer(this.#contract, stream.rowCount(), written);
      this.#counts.push(written);
    } finally {
      clearInterval(timer);
      signal.removeEventListener('abort', stop);
      this.bytes += stream.bytes();
    }
  }

  /** The row count on which all outputs agree. */
  agreedRowCount(): number {
    const [first = 0, ...others] = this.#counts;
    const other = others.find((count) => count !== first);
    if (other !== undefined) throw countsDiffer(this.#contract, first, other);
    return first;
  }

  #tell(stream: SourceStream): void {
    this.#context.onProgress(this.#contract.table.name, this.bytes + stream.bytes(), this.#seconds());
  }
}

function countsDiffer({ sourceTable }: TableContract, read: number, written: number): DatakitError {
  return new DatakitError({
    code: 'INTERNAL',
    message: `The source sent ${read} rows of ${sourceTable}, and ${written} were written; nothing was published.`,
    hint: 'Please report this.',
    details: { read, written },
  });
}

function refuseWhenStopped(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled(undefined);
}

function cancelled(cause: unknown): DatakitError {
  return new DatakitError({ code: 'CANCELLED', message: 'The ingest was stopped; the load in hand was rolled back.', cause });
}
