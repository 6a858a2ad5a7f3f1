/** Where a table is. `schema` is absent on engines without schemas. */
export interface TableName {
  readonly schema?: string;
  readonly name: string;
}

/** One column, its type in the engine's own words. */
export interface ColumnStructure {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  /** Normalised SQL expression, or null. */
  readonly default: string | null;
  /** True where the engine numbers the rows itself. */
  readonly identity: boolean;
}

/** One index that is not the primary key's. */
export interface IndexStructure {
  readonly name: string;
  readonly columns: readonly string[];
  readonly unique: boolean;
  /** Access method: `btree` unless the entity asks for another and the engine has it. */
  readonly method: string;
}

/** One foreign key. */
export interface ForeignKeyStructure {
  readonly name: string;
  readonly columns: readonly string[];
  readonly references: { readonly table: TableName; readonly columns: readonly string[] };
  readonly onDelete: string;
  readonly onUpdate: string;
}

/** One check constraint; compared by name, because every server rewrites the expression. */
export interface CheckStructure {
  readonly name: string;
  readonly expression: string;
}

/** A table as an entity declares it or as a catalogue describes it: both sides of every comparison. */
export interface TableStructure {
  readonly table: TableName;
  readonly columns: readonly ColumnStructure[];
  readonly primaryKey: readonly string[];
  readonly indexes: readonly IndexStructure[];
  readonly foreignKeys: readonly ForeignKeyStructure[];
  readonly checks: readonly CheckStructure[];
}
