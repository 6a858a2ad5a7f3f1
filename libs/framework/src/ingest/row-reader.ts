import type { Readable } from 'node:stream';
import type { CursorRange } from '../model/cursor-range.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import type { ConstantColumn, WireColumn, WireFormat } from '../model/wire-format.ts';
import type { KnownFiles, RawFile } from '../files/raw-rows.ts';
import type { SiftedRows } from '../files/sift/sift-rows.ts';
import { siftedFormats, type SiftedFormat } from '../files/sift/wire-values.ts';
import { bronzeExtraColumn } from '../model/bronze-extra.ts';
import type { SourceStream } from '../sources/source-connector.ts';
import { refuseWhenStopped, type LoadContext } from './load-context.ts';
import { metadataConstants, type LoadMetadata } from './metadata-constants.ts';
import { keepsExtra, needsSift, siftTable, type SiftedTable } from './sift-table.ts';
import type { TableContract } from './source-contract.ts';

/**
 * The rows of one table, read once for every form in which they are written, and counted at both ends. Rows that have to
 * be judged are read once, and their good ones are written in every form.
 */
export class RowReader implements AsyncDisposable {
  bytes = 0;
  /** Only these rows; undefined: all of them. */
  range: CursorRange | undefined;
  /** Files that need not be read again; undefined: none. */
  knownFiles: KnownFiles | undefined;
  readonly constants: readonly ConstantColumn[];
  readonly #contract: TableContract;
  readonly #context: LoadContext;
  readonly #seconds: () => number;
  readonly #counts: number[] = [];
  readonly #sifts: boolean;
  #sifted: SiftedTable | undefined;

  constructor(contract: TableContract, context: LoadContext, metadata: LoadMetadata, seconds: () => number) {
    this.#contract = contract;
    this.#context = context;
    this.#seconds = seconds;
    this.constants = metadataConstants(contract.table, metadata);
    this.#sifts = needsSift(contract, context);
  }

  /** The columns that the rows have, beside the constants. */
  get columns(): readonly WireColumn[] {
    const { columns, table } = this.#contract;
    return keepsExtra(this.#contract)
      ? [...columns, ...table.columns.filter(({ name }) => name === bronzeExtraColumn)]
      : columns;
  }

  /** The formats in which the rows can be had, best first. */
  get formats(): readonly WireFormat[] {
    return this.#sifts ? siftedFormats : this.#context.connector.formats;
  }

  /** What was sifted; undefined where all rows go straight from the source. */
  get sifted(): SiftedRows | undefined {
    return this.#sifted?.rows;
  }

  /** The files that were read. */
  get files(): readonly RawFile[] {
    return this.#sifted?.files ?? [];
  }

  /** Streams the table in one format. @throws INTERNAL when the ends count differently: nothing may be lost silently */
  async through(
    format: WireFormat,
    withConstants: boolean,
    write: (rows: Readable, rowCount: () => Promise<number>) => Promise<number>,
  ): Promise<void> {
    const { signal } = this.#context;
    refuseWhenStopped(signal);
    const stream = await this.#open(format, withConstants ? this.constants : []);
    const stop = (): void => void stream.rows.destroy(new Error('stopped'));
    signal.addEventListener('abort', stop, { once: true });
    const timer = setInterval(() => this.#tell(stream), 200);
    try {
      const written = await write(stream.rows, stream.rowCount);
      const read = await stream.rowCount();
      if (written !== read) throw countsDiffer(this.#contract, read, written);
      this.#counts.push(written);
    } finally {
      clearInterval(timer);
      signal.removeEventListener('abort', stop);
      this.bytes += stream.bytes();
    }
  }

  /** Closes what was opened for a sift. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sifted?.[Symbol.asyncDispose]();
  }

  async #open(format: WireFormat, constants: readonly ConstantColumn[]): Promise<SourceStream> {
    const { snapshot, sourceSchema } = this.#context;
    if (this.#sifts) {
      if (!this.#sifted) {
        this.#sifted = await siftTable(this.#contract, this.#context, this.range, this.knownFiles);
        this.bytes += this.#sifted.bytes;
      }
      const { rows, rowCount } = this.#sifted.rows.stream(format as SiftedFormat, this.columns, constants);
      // What the source sent is counted once, and not again for every form.
      return { rows, bytes: () => 0, rowCount: () => Promise.resolve(rowCount()) };
    }
    return await snapshot.read({
      schema: sourceSchema,
      table: this.#contract.sourceTable,
      ...(this.#contract.query === undefined ? {} : { query: this.#contract.query }),
      columns: this.#contract.columns,
      constants,
      format,
      ...(this.range ? { range: this.range } : {}),
    });
  }

  /** The row count on which all outputs agree. */
  agreedRowCount(): number {
    const [first = 0, ...others] = this.#counts;
    const other = others.find((count) => count !== first);
    if (other !== undefined) throw countsDiffer(this.#contract, first, other);
    return first;
  }

  #tell(stream: SourceStream): void {
    const bytes = this.bytes + stream.bytes();
    this.#context.onProgress(this.#contract.table.name, {
      bytes,
      rows: stream.rowsSoFar?.(),
      seconds: this.#seconds(),
    });
  }
}

/** Rows were lost on their way, and nobody said so. */
export function countsDiffer({ sourceTable }: TableContract, read: number, written: number): DatakitError {
  return new DatakitError({
    code: 'INTERNAL',
    message: `The source sent ${read} rows of ${sourceTable}, and ${written} were written; nothing was published.`,
    hint: 'Please report this.',
    details: { read, written },
  });
}
