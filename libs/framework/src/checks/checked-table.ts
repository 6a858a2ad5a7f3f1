import type { TableName } from '../engines/table-structure.ts';
import type { ColumnType } from '../model/column-type.ts';
import type { TableDefinition } from '../model/table.ts';

/** What checks must know of a table: what is expected of it, and how it lies in the target. */
export interface CheckedTable {
  readonly definition: TableDefinition;
  /** The entity's own table name, as people know it. */
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  readonly columnsOfProperty: ReadonlyMap<string, readonly string[]>;
  readonly structure: {
    readonly table: TableName;
    readonly primaryKey: readonly string[];
    /** Types in the engine's own words; absent for a view. */
    readonly columns?: readonly { readonly name: string; readonly type: string }[];
  };
}

/** A column of a table, with its name quoted. */
export interface CheckedColumn {
  readonly name: string;
  readonly quoted: string;
  readonly type: ColumnType;
}
