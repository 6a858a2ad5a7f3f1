import type { Readable } from 'node:stream';
import { plainDescription, type TableDescription } from '../engines/table-description.ts';
import type { RawReader } from '../files/raw-rows.ts';
import type { CursorMeasure, CursorRange } from '../model/cursor-range.ts';
import type { ConstantColumn, WireColumn, WireFormat } from '../model/wire-format.ts';
import type { ColumnType } from '../model/column-type.ts';

/** One column as the source has it. */
export interface SourceColumn {
  readonly name: string;
  /** The base type: an enum is text, a domain is what it is made of. */
  readonly type: ColumnType;
  readonly nullable: boolean;
  /**
   * Other types than those that hold every value of `type`, in which the column can be read, too: a value that has no
   * form there ends the load. Absent where there are none.
   */
  readonly readableAs?: (declared: ColumnType) => boolean;
  /** Why nobody can read it, and what to do; absent for all others. */
  readonly unreadable?: string;
}

/** One table of a source. */
export interface SourceTable {
  readonly name: string;
  readonly columns: readonly SourceColumn[];
  /** From the source's statistics; undefined where it has none. */
  readonly estimatedRows: number | undefined;
  /** True where a column that holds only nulls need not be among the columns, as in JSON. */
  readonly sparse?: boolean;
}

/** One file of a table, without its content. */
export interface SourceFileState {
  /** What people and the ledger know it by. */
  readonly name: string;
  readonly bytes: number;
  readonly changedAt: Date;
}

/** Which columns of which table to read, and in what form. */
export interface ReadRequest {
  readonly schema: string;
  readonly table: string;
  /** Read this instead of a table; `table` is then what it is called. */
  readonly query?: string;
  /** In the order of the stream; `from` is the source's name of the column, `type` the declared type it is cast to. */
  readonly columns: readonly (WireColumn & { readonly from: string })[];
  /** Constant columns to send with every row, after the others. */
  readonly constants: readonly ConstantColumn[];
  readonly format: WireFormat;
  /** Only these rows; absent: all of them. */
  readonly range?: CursorRange;
}

/** Which part of which table to measure. */
export interface MeasureRequest {
  readonly schema: string;
  readonly table: string;
  readonly query?: string;
  readonly range: CursorRange;
  /** Only so many of the range's rows, those with the least values; absent: all of them. */
  readonly rows?: number;
}

/** Rows under way. */
export interface SourceStream {
  readonly rows: Readable;
  /** Bytes that came so far. */
  bytes(): number;
  /** Rows that came so far, for a line of progress: an estimate where counting each would slow the load down. */
  rowsSoFar?(): number;
  /** Rows as the source counted them; ask when the stream has ended. */
  rowCount(): Promise<number>;
}

/** One consistent state of a source: every table that is read through it shows the same moment. */
export interface SourceSnapshot extends AsyncDisposable, Partial<RawReader> {
  /** Sends the columns of a source with types, cast to what is asked for; one without types has {@link RawReader.readRaw}. */
  read(request: ReadRequest): Promise<SourceStream>;
  /** The greatest value of a column in this state; absent where the source cannot read by ranges. */
  measure?(request: MeasureRequest): Promise<CursorMeasure>;
}

/**
 * A way into a system that rows come from. Subclasses say how; what every connector must do is one contract suite,
 * `connector-contract.ts`, that each of them passes.
 */
export abstract class SourceConnector implements AsyncDisposable {
  /** Name of the host for `bronze_source_host`; `localhost` for sockets and files. */
  abstract readonly host: string;
  /** One line for people, without secrets. */
  abstract readonly description: string;
  /** The schema to read where nobody names one. */
  abstract readonly defaultSchema: string;
  /**
   * False where rows are texts that nobody has checked, as in files: they are read through `readRaw`, and every value is
   * judged before it is loaded.
   */
  readonly typed: boolean = true;
  /** The formats it can send, best first. */
  abstract readonly formats: readonly WireFormat[];

  /** Connects once and disconnects. @throws SOURCE_UNAVAILABLE, AUTH_FAILED */
  abstract testConnection(): Promise<void>;
  /** Names the schemas that hold tables the user may read. */
  abstract listSchemas(): Promise<string[]>;
  /** Tables of a schema with their columns; partitions are read through their parent and not listed. */
  abstract listTables(schema: string, names?: readonly string[]): Promise<SourceTable[]>;
  /**
   * The columns that a query of the source gives, under a name that is given to it; absent where there are no queries.
   * @throws SOURCE_FAILED for a query that the source refuses
   */
  describeQuery?(name: string, query: string): Promise<SourceTable>;
  /** Names of all tables of a schema; present where describing a table means to read it. */
  listTableNames?(schema: string): Promise<string[]>;
  /** The files that a table consists of now, where it consists of files; costs no more than looking at each. */
  listFiles?(table: string): Promise<SourceFileState[]>;
  /**
   * Tables and views with all that an entity can say of them: keys, indexes, defaults, comments. A source that keeps none
   * of it, as a folder of files, has columns alone.
   */
  async describeTables(schema: string, names?: readonly string[]): Promise<TableDescription[]> {
    const tables = await this.listTables(schema, names);
    return tables.map(plainDescription);
  }
  /** Opens a consistent state to read from. */
  abstract openSnapshot(): Promise<SourceSnapshot>;
  /** Closes what is still open. */
  abstract [Symbol.asyncDispose](): Promise<void>;

  /**
   * Opens a snapshot for as long as the work takes.
   * @example
   * ```ts
   * const rows = await connector.withSnapshot((snapshot) => snapshot.read(request));
   * ```
   */
  async withSnapshot<Result>(work: (snapshot: SourceSnapshot) => Promise<Result>): Promise<Result> {
    await using snapshot = await this.openSnapshot();
    return await work(snapshot);
  }
}
