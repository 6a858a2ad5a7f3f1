import type {
  CheckStructure,
  ColumnStructure,
  ForeignKeyStructure,
  IndexStructure,
  TableName,
  TableStructure,
  TriggerStructure,
  ViewStructure,
} from './table-structure.ts';

/** One change to the structure of a database, as a plan lists it and an engine writes it in SQL. */
export type StructureChange =
  | { readonly kind: 'create schema'; readonly schema: string }
  | { readonly kind: 'create table'; readonly table: TableStructure }
  | { readonly kind: 'drop table'; readonly table: TableName }
  | ({ readonly kind: 'rename table'; readonly indexes: readonly RenamedIndex[] } & RenamedTable)
  | { readonly kind: 'create view' | 'replace view'; readonly view: ViewStructure }
  | { readonly kind: 'drop view'; readonly view: TableName }
  | { readonly kind: 'grant' | 'revoke'; readonly grant: Grant }
  | Alteration;

/** The right of one role to read a table or a view, or to see into a schema. */
export interface Grant {
  readonly reader: string;
  readonly on: TableName | { readonly schema: string };
}

/** A table under another name, or with columns under other names; both names are equal where only columns change. */
export interface RenamedTable {
  readonly from: TableName;
  readonly to: TableName;
  readonly columns: readonly { readonly from: string; readonly to: string }[];
}

/** An index that gets another name; its columns have their new names on both sides. */
export interface RenamedIndex {
  readonly from: IndexStructure;
  readonly to: IndexStructure;
}

/** All changes inside one table at once: an engine may have to rebuild the table for them. */
export interface Alteration {
  readonly kind: 'alter table';
  readonly from: TableStructure;
  readonly to: TableStructure;
  /** In the order in which they can be done. */
  readonly parts: readonly TablePart[];
}

/** One part of an `alter table`. */
export type TablePart =
  | { readonly kind: 'add column'; readonly column: ColumnStructure }
  | { readonly kind: 'drop column'; readonly column: ColumnStructure }
  | {
      readonly kind: 'change type' | 'change nullability' | 'change default' | 'change identity';
      readonly from: ColumnStructure;
      readonly to: ColumnStructure;
    }
  | { readonly kind: 'change primary key'; readonly from: readonly string[]; readonly to: readonly string[] }
  | { readonly kind: 'add index' | 'drop index'; readonly index: IndexStructure }
  | { readonly kind: 'add foreign key' | 'drop foreign key'; readonly foreignKey: ForeignKeyStructure }
  | { readonly kind: 'add check' | 'drop check'; readonly check: CheckStructure }
  | { readonly kind: 'add trigger' | 'drop trigger'; readonly trigger: TriggerStructure };
