import type { ColumnType } from '../model/column-type.ts';
import type { TableName } from './table-structure.ts';

/** A table that a query reads. */
export interface InputTable {
  readonly table: TableName;
  /** Column → declared type. */
  readonly columns: ReadonlyMap<string, ColumnType>;
}

/** The tables that a query reads, by the names that it knows them by. */
export type InputTablesByName = ReadonlyMap<string, InputTable>;
