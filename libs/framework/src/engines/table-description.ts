import type { ColumnType } from '../model/column-type.ts';

/** One column of a table as somebody would declare it again. */
export interface ColumnDescription {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** SQL expression; what the server counts or computes has none. */
  readonly default?: string;
  readonly comment?: string;
  /** What an enum accepts. */
  readonly values?: readonly string[];
  /** Why its values cannot be read; absent where they can. */
  readonly unreadable?: string;
  /** No catalogue tells the type: it is what all values are. */
  readonly guessed?: true;
  /** How the type differs from that of the catalogue, or where its values come from; for people. */
  readonly note?: string;
}

/** An index that can be made again from its columns and its method alone. */
export interface IndexDescription {
  readonly name: string;
  readonly columns: readonly string[];
  readonly unique: boolean;
  readonly method: string;
}

/** A foreign key that every row keeps. */
export interface ForeignKeyDescription {
  readonly columns: readonly string[];
  readonly parent: { readonly schema?: string; readonly name: string };
  readonly parentColumns: readonly string[];
}

/** A table or view of any database, in the common vocabulary: what an entity can be written from. */
export interface TableDescription {
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly comment?: string;
  readonly columns: readonly ColumnDescription[];
  /** Empty where there is none. */
  readonly primaryKey: readonly string[];
  readonly indexes: readonly IndexDescription[];
  readonly foreignKeys: readonly ForeignKeyDescription[];
  /** Names of the indexes that are more than columns and a method: over expressions, or a part of the rows. */
  readonly otherIndexes: readonly string[];
}

/** What a connector knows of a table without asking for more than names and types. */
export interface NamedColumns {
  readonly name: string;
  readonly columns: readonly Pick<ColumnDescription, 'name' | 'type' | 'nullable' | 'unreadable'>[];
}

/** A description of tables of which nothing else is known. */
export function plainDescription({ name, columns }: NamedColumns): TableDescription {
  return {
    name,
    kind: 'table',
    columns: columns.map(plainColumn),
    ...{ primaryKey: [], indexes: [], foreignKeys: [], otherIndexes: [] },
  };
}

/** A column without what else a connector knows of it. */
export function plainColumn({ name, type, nullable, unreadable }: NamedColumns['columns'][number]): ColumnDescription {
  return { name, type, nullable, ...(unreadable === undefined ? {} : { unreadable }) };
}
