import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import type { ExpectedTable } from '../structure/expected-tables.ts';
import { inWords, loadByDifference } from './load-by-difference.ts';
import type { WriteRows } from './write-rows.ts';

/** The rows of one load, and the table that they are for. */
export interface Publication {
  readonly table: ExpectedTable;
  /** The columns that the rows have, metadata included. */
  readonly columns: readonly string[];
  readonly write: WriteRows;
}

/**
 * Puts the rows of a load in place of those that are there, inside the transaction; by what differs where the table
 * keeps its history.
 *
 * @returns how, for the report
 */
export async function publishRows(publication: Publication, engine: Engine, session: Session): Promise<string> {
  const way = await replaceRows(publication, engine, session);
  const slowWay = await engine.copyIn.slowWay?.(session);
  return slowWay === undefined ? way : `${way}, ${slowWay}`;
}

async function replaceRows({ table, columns, write }: Publication, engine: Engine, session: Session): Promise<string> {
  const target = table.structure.table;
  const existing = await session.query(`select 1 as one from ${engine.quoteTable(target)} limit 1`);
  if (existing.length === 0) {
    await write(target);
    return 'insert';
  }
  if (table.history) return inWords(await loadByDifference(table, columns, 'delete', engine, session, write));
  // Not truncate: it blocks readers until the commit, and shows an empty table to those with an older snapshot.
  await session.execute(`delete from ${engine.quoteTable(target)}`);
  await write(target);
  return 'delete and insert';
}
