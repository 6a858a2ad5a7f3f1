import type { DuckDb } from '../files/duckdb.ts';
import { putRows } from '../files/put-rows.ts';
import type { RawRequest, RawRows } from '../files/raw-rows.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import type { ExtractRequest, Extraction } from '../model/extraction.ts';
import type { WireFormat } from '../model/wire-format.ts';
import { SourceConnector, type SourceSnapshot, type SourceTable } from './source-connector.ts';

/** What gives the rows of a table. */
export interface Extractor {
  readonly system: string;
  readonly host: string;
  extractTable(request: ExtractRequest): Extraction | Promise<Extraction>;
}

/** A source that somebody's own code reads: rows are objects, and every value is judged before it is loaded. */
export class PipelineConnector extends SourceConnector {
  readonly host: string;
  readonly description: string;
  readonly defaultSchema = '';
  readonly formats: readonly WireFormat[] = [];
  override readonly typed = false;
  readonly #extractor: Extractor;
  readonly #tables: readonly SourceTable[];
  readonly #signal: AbortSignal;

  /** @param tables what the entities declare: code cannot tell before it gives its first row */
  constructor(extractor: Extractor, tables: readonly SourceTable[], signal: AbortSignal) {
    super();
    this.#extractor = extractor;
    this.#tables = tables;
    this.#signal = signal;
    this.host = extractor.host;
    this.description = `${extractor.system}, by code of the datakit`;
  }

  async testConnection(): Promise<void> {}

  listSchemas(): Promise<string[]> {
    return Promise.resolve([this.defaultSchema]);
  }

  listTables(_schema: string, names?: readonly string[]): Promise<SourceTable[]> {
    return Promise.resolve(this.#tables.filter(({ name }) => names?.includes(name) ?? true));
  }

  openSnapshot(): Promise<SourceSnapshot> {
    return Promise.resolve({
      read: () => Promise.reject(new TypeError('a source without types is read through readRaw')),
      readRaw: (request, duckdb) => this.#readRaw(request, duckdb),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async #readRaw(request: RawRequest, duckdb: DuckDb): Promise<RawRows> {
    const { table, columns } = request;
    const unknown: string[] = [];
    const signal = this.#signal;
    try {
      const { rows } = await this.#extractor.extractTable({ table, columns, signal });
      const raw = await putRows(rows, request, duckdb, (field) => unknown.push(field), signal);
      if (unknown.length > 0) throw undeclared(table, unknown);
      return raw;
    } catch (error) {
      if (error instanceof DatakitError || signal.aborted) throw error;
      throw this.#failed(table, error);
    }
  }

  #failed(table: string, error: unknown): DatakitError {
    const { name = 'Error', message = String(error) } = error as Partial<Error>;
    return new DatakitError({
      code: 'SOURCE_UNAVAILABLE',
      message: `The code that reads ${table} of ${this.#extractor.system} failed: ${name}: ${withoutSecrets(message)}`,
      hint: 'Nothing was published. The stack is in the cause; run again when the source answers.',
      details: { table },
      cause: error,
    });
  }
}

function undeclared(table: string, fields: readonly string[]): DatakitError {
  const differences = fields.map((field) => `${table}.${field}: not declared, the source has it`);
  return new DatakitError({
    code: 'CONTRACT',
    message: `The source does not look as declared; nothing was loaded:\n${differences.map((each) => `- ${each}`).join('\n')}`,
    hint: 'Declare the columns in the entity, or leave the fields out in extractTable.',
    details: { differences },
  });
}

/** Messages of HTTP clients quote addresses, and tokens stand in their user part and their query. */
function withoutSecrets(message: string): string {
  return message.replaceAll(/([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/@]*@)?([^\s?#]*)[?#]?\S*/gi, '$1$2');
}
