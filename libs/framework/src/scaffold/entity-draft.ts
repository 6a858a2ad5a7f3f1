/** One property of an entity to write. */
export interface PropertyDraft {
  /** What code calls it; the column's name wherever that can be. */
  readonly name: string;
  /** The column's name, where it is another one. */
  readonly fieldName?: string;
  /** `p.integer()`, then what is chained to it: `.nullable()`. */
  readonly builder: string;
  /** Lines of comment above it. */
  readonly notes: readonly string[];
}

/** One index or unique constraint over several columns, or of a method of its own. */
export interface IndexDraft {
  readonly properties: readonly string[];
  readonly name?: string;
  readonly method?: string;
}

/** One entity to write, and how the datakit lists it. */
export interface EntityDraft {
  readonly className: string;
  /** Without folder and ending. */
  readonly fileName: string;
  readonly tableName: string;
  readonly comment?: string;
  /** Lines of comment above the entity. */
  readonly notes: readonly string[];
  /** In the order of the key; only where it is not that of the properties. */
  readonly primaryKeys?: readonly string[];
  readonly properties: readonly PropertyDraft[];
  readonly indexes: readonly IndexDraft[];
  readonly uniques: readonly IndexDraft[];
  /** The mixin that is spread behind the properties. */
  readonly mixin?: 'bronzeMetadata';
  /** The entries of the table's options, as code: `expect: [unique('name')]`. */
  readonly options: readonly string[];
  /** What the options import from the framework. */
  readonly imports: readonly string[];
}
