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
  /** Left by a build that was cut off: it takes every write and serves no query. */
  readonly invalid?: true;
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

/** One trigger. */
export interface TriggerStructure {
  readonly name: string;
  /** When it runs, for people: `after update`. */
  readonly runs: string;
  /** Equal where two triggers do the same: a hash of all that the catalogue knows of it but its name. */
  readonly does: string;
  /** False where somebody switched it off. */
  readonly enabled: boolean;
  /** How it is made; only a declared trigger knows. */
  readonly create?: readonly string[];
  /** Brings what it keeps up to date before it is made on a table that has rows. */
  readonly catchUp?: readonly string[];
}

/** A table as an entity declares it or as a catalogue describes it: both sides of every comparison. */
export interface TableStructure {
  readonly table: TableName;
  readonly columns: readonly ColumnStructure[];
  readonly primaryKey: readonly string[];
  readonly indexes: readonly IndexStructure[];
  readonly foreignKeys: readonly ForeignKeyStructure[];
  readonly checks: readonly CheckStructure[];
  readonly triggers: readonly TriggerStructure[];
  /** A declared table that keeps the earlier states of another one. */
  readonly isHistory?: true;
}

/** A view as a datakit declares it, its query in the engine's own SQL. */
export interface ViewStructure {
  readonly view: TableName;
  readonly query: string;
}

/** A view that is there; servers rewrite queries, so the text only compares with itself. */
export interface LiveView {
  readonly view: TableName;
  readonly text: string;
  readonly columns: readonly string[];
}
