import type { Engine } from '../engines/engine.ts';
import type { GoneMark } from '../engines/difference.ts';
import type { Session } from '../engines/session.ts';
import type { ExpectedTable } from '../structure/expected-tables.ts';
import { inWords, loadByDifference, type DifferenceWay } from './load-by-difference.ts';
import type { WriteRows } from './write-rows.ts';

/** What becomes of the rows that are there. */
export type Publishing =
  | { readonly disposition: 'replace' }
  /** With a key, rows that are there already are not added once more. */
  | { readonly disposition: 'append'; readonly key: readonly string[] | undefined }
  | {
      readonly disposition: 'merge';
      readonly key: readonly string[];
      readonly gone: 'keep' | 'delete' | GoneMark;
    };

/** What became of a table. */
export interface Published {
  /** How, for the report. */
  readonly way: string;
  /** Rows of earlier loads may still be there. */
  readonly keepsEarlier: boolean;
}

/** The rows of one load, and the table that they are for. */
export interface Publication {
  readonly table: ExpectedTable;
  /** The columns that the rows have, metadata included. */
  readonly columns: readonly string[];
  readonly write: WriteRows;
}

/**
 * Puts the rows of a load into their table, inside the transaction. The table itself stays: whatever hangs on it, and
 * whatever its readers see until the commit.
 *
 * @throws BAD_ROWS, TARGET_FAILED where two rows have the same key, or one has none
 */
export async function publishRows(
  publication: Publication,
  publishing: Publishing,
  engine: Engine,
  session: Session,
): Promise<Published> {
  const published = await publish(publication, publishing, engine, session);
  const slowWay = await engine.copyIn.slowWay?.(session);
  return slowWay === undefined ? published : { ...published, way: `${published.way}, ${slowWay}` };
}

async function publish(
  { table, columns, write }: Publication,
  publishing: Publishing,
  engine: Engine,
  session: Session,
): Promise<Published> {
  const { table: target, primaryKey } = table.structure;
  const insert = async (way: string, keepsEarlier: boolean): Promise<Published> => {
    await write(target);
    return { way, keepsEarlier };
  };
  const byDifference = async (way: string, how: DifferenceWay): Promise<Published> => {
    const applied = await loadByDifference(table, columns, how, engine, session, write);
    return { way: `${way}: ${inWords(applied)}`, keepsEarlier: true };
  };

  const isEmpty = await hasNoRows(table, engine, session);
  switch (publishing.disposition) {
    case 'append': {
      const { key } = publishing;
      if (key === undefined || (isEmpty && isUniqueBy(key, table))) return insert('insert', !isEmpty);
      return byDifference('append', { key, gone: 'keep', updates: false });
    }
    case 'merge': {
      const { key, gone } = publishing;
      if (isEmpty && isUniqueBy(key, table)) return insert('insert', false);
      return byDifference('merge', { key, gone, updates: true });
    }
    case 'replace': {
      if (isEmpty) return insert('insert', false);
      // Rows that others refer to cannot go for a moment: the server refuses that, or takes the others' rows with them.
      const keepsRows = table.history !== undefined || (await engine.isReferenced(session, target));
      if (keepsRows && primaryKey.length > 0) {
        return byDifference('difference', { key: primaryKey, gone: 'delete', updates: true });
      }
      // Not truncate: it blocks readers until the commit, and shows an empty table to those with an older snapshot.
      await session.execute(`delete from ${engine.quoteTable(target)}`);
      return insert('delete and insert', false);
    }
  }
}

/** True where the table itself refuses a second row of a key, so that no stage has to. */
function isUniqueBy(key: readonly string[], { structure, columns }: ExpectedTable): boolean {
  const isPart = (names: readonly string[]): boolean =>
    names.length > 0 && names.every((name) => key.includes(name) && columns.some((each) => each.name === name));
  return isPart(structure.primaryKey) || structure.indexes.some(({ unique, columns: of }) => unique && isPart(of));
}

/** True where the table holds nothing. */
export async function hasNoRows({ structure }: ExpectedTable, engine: Engine, session: Session): Promise<boolean> {
  const rows = await session.query(`select 1 as one from ${engine.quoteTable(structure.table)} limit 1`);
  return rows.length === 0;
}
