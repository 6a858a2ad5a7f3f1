import { createHash } from 'node:crypto';
import type { MaintainedRole } from '../model/maintained-columns.ts';
import type { TableName, TableStructure } from './table-structure.ts';

/** A table of which the database itself keeps something, for an engine to write its triggers. */
export interface MaintainedTable {
  readonly structure: Omit<TableStructure, 'triggers'>;
  /** Columns that the database writes. */
  readonly roles: ReadonlyMap<string, MaintainedRole>;
  /** Where its states are kept, and of which columns; absent for a table without a history. */
  readonly history?: { readonly table: TableName; readonly tracked: readonly string[] };
  /** The name of the trigger for one purpose: `history_insert`. */
  triggerName(purpose: string): string;
}

/** The columns of a role, in the table's order. */
export function columnsOf({ structure, roles }: MaintainedTable, ...wanted: readonly MaintainedRole[]): string[] {
  return structure.columns
    .filter(({ name }) => wanted.includes(roles.get(name) as MaintainedRole))
    .map(({ name }) => name);
}

/** Tracked columns that say something about the row: `effective_time` follows from them. */
export function contentOf(table: MaintainedTable): string[] {
  return (table.history?.tracked ?? []).filter((column) => table.roles.get(column) !== 'effective time');
}

/** Stands in every body, for people who find it and for whoever must know whose it is. */
export const madeByUs = '-- made by datakit: the next deployment puts it back as it was';

/** Equal for triggers that do the same. */
export function hashOf(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}
