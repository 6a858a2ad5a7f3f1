import { mkdir } from 'node:fs/promises';
import { duckDbLiteral, type DuckDb } from '../duckdb.ts';
import { createRejects, rejectColumns, type RawRows, type RejectReason } from '../raw-rows.ts';
import type { UnreadableReason } from './record-sink.ts';
import { SegmentWriter, type InsertSegment } from './segment-writer.ts';
import { visibleText } from './visible-text.ts';

let madeTables = 0;

/** The tables in DuckDB that the files of one table of a source are read into. */
export class RawTable {
  readonly name: string;
  readonly rejectsName: string;
  /** The source's names of the columns → their names in the table. */
  readonly columns: ReadonlyMap<string, string>;
  readonly #duckdb: DuckDb;
  readonly #rejects: SegmentWriter;

  constructor(duckdb: DuckDb, columns: readonly string[]) {
    const number = madeTables++;
    this.name = `raw_${number}`;
    this.rejectsName = `raw_rejects_${number}`;
    this.columns = new Map(columns.map((column, index) => [column, `c${index}`]));
    this.#duckdb = duckdb;
    const types = Object.entries(rejectColumns).map(([name, type]) => `${name}: ${duckDbLiteral(type)}`);
    this.#rejects = new SegmentWriter(
      duckdb,
      (segment, bufferBytes) => `insert into ${this.rejectsName} from ${readSegment(segment, bufferBytes, types)}`,
    );
  }

  /** Makes the tables, empty. */
  async create(): Promise<void> {
    await mkdir(this.#duckdb.temporaryFolder, { recursive: true });
    const columns = [...[...this.columns.values()].map((column) => `${column} varchar`), 'file varchar', 'line bigint'];
    await this.#duckdb.connection.run(`create table ${this.name} (${columns.join(', ')})`);
    await this.#duckdb.connection.run(createRejects(this.rejectsName));
  }

  /**
   * A writer of rows of one file.
   * @param fields the column of each field, by the source's name; undefined for one that nobody asked for
   * @param dialect in DuckDB's words
   */
  writer(file: string, fields: readonly (string | undefined)[], dialect?: string): SegmentWriter {
    return new SegmentWriter(this.#duckdb, this.#insert(file, fields, dialect));
  }

  #insert(file: string, fields: readonly (string | undefined)[], dialect?: string): InsertSegment {
    const types = [`line: 'BIGINT'`, ...fields.map((_, index) => `f${index}: 'VARCHAR'`)];
    const taken = [...this.columns.keys()].map((column) => {
      const index = fields.indexOf(column);
      return index === -1 ? 'null' : `f${index}`;
    });
    const select = [...taken, duckDbLiteral(file), 'line'].join(', ');
    return (segment, bufferBytes) =>
      `insert into ${this.name} select ${select} from ${readSegment(segment, bufferBytes, types, dialect)}`;
  }

  /** Adds what is no row. @param column that it fails on, by the source's name */
  reject(file: string, line: number, row: string, reason: RejectReason, column?: string): void {
    const cells = [row, column ?? null, reason, file, String(line)];
    const quoted = cells.map((cell) => (cell === null ? '' : `"${cell.replaceAll('"', '""')}"`));
    this.#rejects.lines.text(quoted.join(','));
    this.#rejects.endLine();
  }

  /** Adds a record that could not be read, as its text. */
  rejectBytes(file: string, line: number, bytes: Buffer, reason: UnreadableReason, column?: string): void {
    this.reject(file, line, JSON.stringify(visibleText(bytes)), reasons[reason], column);
  }

  async handOverRejects(): Promise<void> {
    await this.#rejects.handOver();
  }

  /** What was read, when everything is in the tables. */
  async finish(bytes: number): Promise<RawRows> {
    await this.#rejects.finish();
    const { name: table, columns, rejectsName: rejects } = this;
    return { table, columns, fileColumn: 'file', lineColumn: 'line', rejects, bytes };
  }

  async abandon(): Promise<void> {
    await this.#rejects.abandon();
  }
}

const reasons: Readonly<Record<UnreadableReason, RejectReason>> = {
  'field count': 'wrong_field_count',
  quotes: 'unreadable_line',
  'quote never closed': 'unreadable_line',
  'carriage return': 'unreadable_line',
  'no line end': 'truncated_line',
  'too long': 'unreadable_line',
  'not UTF-8': 'invalid_text',
  'no JSON object': 'unreadable_line',
  'key twice': 'unreadable_line',
};

/** In DuckDB's words: RFC 4180, where nothing unquoted is null. */
const plainDialect = `delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false`;

function readSegment(path: string, bufferBytes: number, types: readonly string[], dialect = plainDialect): string {
  return `read_csv(${duckDbLiteral(path)}, auto_detect = false, header = false, ${dialect}, new_line = '\\n', parallel = false,
    max_line_size = ${bufferBytes}, buffer_size = ${bufferBytes}, columns = {${types.join(', ')}})`;
}
