/** One value at the edge of a type. */
export interface EdgeValue {
  /** For the page: `infinity`, `before Christ`; `null` and the common ones have none. */
  readonly label: string;
  /** An expression that the source casts to the type. */
  readonly sql: string;
}

/** One type of a source, with the values that are easily lost. */
export interface SourceType {
  /** As the source names it. */
  readonly type: string;
  /** What an entity declares for it, where that is not the type itself. */
  readonly declared?: string;
  readonly values: readonly EdgeValue[];
}

/** Everything that we know of one kind of source: one row of the page for each of its types. */
export interface SourceTypes {
  readonly source: string;
  /** SQL that makes the types which nobody brings along. */
  readonly setup: string;
  readonly types: readonly SourceType[];
}
