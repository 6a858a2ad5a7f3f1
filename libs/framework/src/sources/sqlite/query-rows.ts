import type { DatabaseSync } from 'node:sqlite';
import { quote } from '../../engines/sqlite/quote.ts';
import type { ReadRequest, SourceColumn } from '../source-connector.ts';
import { sourceColumn } from './source-column.ts';

/** A table, or a query in its place. The line break ends a comment that the query may end with. */
export function rowsOf({ table, query }: Pick<ReadRequest, 'table' | 'query'>): string {
  return query === undefined ? quote(table) : `(${query}\n) as datakit_query`;
}

/**
 * The columns of such rows: those of a table with their declared types, and what is computed as texts.
 * @param failure makes the error of a query that cannot be read
 */
export function fieldsOf(database: DatabaseSync, rows: string, failure: (error: unknown) => Error): SourceColumn[] {
  try {
    const fields = database.prepare(`select * from ${rows} limit 0`).columns();
    return fields.map(({ name, type }) => sourceColumn({ name, declared: type ?? '', nullable: true }));
  } catch (error) {
    throw failure(error);
  }
}
