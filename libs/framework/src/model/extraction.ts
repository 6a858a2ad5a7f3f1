/** One row as code gives it: values by the source's names of the columns. */
export type SourceRow = Readonly<Record<string, unknown>>;

/** What is wanted of one table of a source that somebody's own code reads. */
export interface ExtractRequest {
  /** The source's name of the table. */
  readonly table: string;
  /** The source's names of the columns that the entity declares. */
  readonly columns: readonly string[];
  /** Aborted when the run is stopped: pass it on to what waits. */
  readonly signal: AbortSignal;
}

/**
 * What a table's rows come as. Rows are objects, a few thousand in memory at a time; what they may hold is decided by the
 * entity: text, numbers, booleans, `Date`, `bigint`, `Uint8Array` for bytes, arrays and objects for json. A missing field is
 * a null; a field that the entity does not declare is a difference to the contract.
 */
export interface Extraction {
  readonly format: 'rows';
  readonly rows: Iterable<SourceRow> | AsyncIterable<SourceRow>;
}
