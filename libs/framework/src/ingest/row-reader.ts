import type { Readable } from 'node:stream';
import type { CursorRange } from '../model/cursor-range.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import type { ConstantColumn, WireColumn, WireFormat } from '../model/wire-format.ts';
import type { SourceStream } from '../sources/source-connector.ts';
import { refuseWhenStopped, type LoadContext } from './load-context.ts';
import { metadataConstants, type LoadMetadata } from './metadata-constants.ts';
import type { TableContract } from './source-contract.ts';

/** The rows of one table, read once for every form in which they are written, and counted at both ends. */
export class RowReader {
  bytes = 0;
  /** Only these rows; undefined: all of them. */
  range: CursorRange | undefined;
  readonly constants: readonly ConstantColumn[];
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

  /** The columns that the source sends. */
  get columns(): readonly WireColumn[] {
    return this.#contract.columns;
  }

  /** Streams the table in one format. @throws INTERNAL when the ends count differently: nothing may be lost silently */
  async through(
    format: WireFormat,
    withConstants: boolean,
    write: (rows: Readable, rowCount: () => Promise<number>) => Promise<number>,
  ): Promise<void> {
    const { snapshot, sourceSchema, signal } = this.#context;
    refuseWhenStopped(signal);
    const stream = await snapshot.read({
      schema: sourceSchema,
      table: this.#contract.sourceTable,
      columns: this.#contract.columns,
      constants: withConstants ? this.constants : [],
      format,
      ...(this.range ? { range: this.range } : {}),
    });
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

function countsDiffer({ sourceTable }: TableContract, read: number, written: number): DatakitError {
  return new DatakitError({
    code: 'INTERNAL',
    message: `The source sent ${read} rows of ${sourceTable}, and ${written} were written; nothing was published.`,
    hint: 'Please report this.',
    details: { read, written },
  });
}
