import type { StructureChange } from './structure-change.ts';
import type { TableName } from './table-structure.ts';

/**
 * What hangs on a live table and has to make way for a change of it: a view whose column gets another type, a foreign
 * key that points to a key that changes. A plan removes it first and restores it, as it was, when the tables are done.
 */
export interface Obstacle {
  /** For people: `view reports.film_list`, `foreign key rental.film`. */
  readonly object: string;
  /** The view that it is; a plan that makes it anew from its declaration restores only its dress. */
  readonly view?: TableName;
  readonly remove: readonly string[];
  readonly restore: readonly string[];
  /** What a view has beside its query: grants, comments, owner. */
  readonly dress?: readonly string[];
}

/** A column by its name, the table's key, or the table itself: what a change takes hold of. */
export interface TouchedTable {
  readonly table: TableName;
  /** Columns that get another type. */
  readonly retyped: readonly string[];
  readonly droppedColumns: readonly string[];
  readonly changesKey: boolean;
  readonly isDropped: boolean;
}

/** The tables of a plan that something may hang on, with what the plan does to them. */
export function touchedTables(changes: readonly StructureChange[]): TouchedTable[] {
  return changes.flatMap((change): TouchedTable[] => {
    const nothing = { retyped: [], droppedColumns: [], changesKey: false, isDropped: false };
    if (change.kind === 'drop table') return [{ ...nothing, table: change.table, isDropped: true }];
    if (change.kind !== 'alter table') return [];
    const { parts } = change;
    const touched = {
      table: change.from.table,
      retyped: parts.flatMap((part) => (part.kind === 'change type' ? [part.from.name] : [])),
      droppedColumns: parts.flatMap((part) => (part.kind === 'drop column' ? [part.column.name] : [])),
      changesKey: parts.some((part) => part.kind === 'change primary key'),
      isDropped: false,
    };
    const isTouched = touched.retyped.length + touched.droppedColumns.length > 0 || touched.changesKey;
    return isTouched ? [touched] : [];
  });
}
