import type { AnyEntity } from '../model/entity.ts';
import type { QueryRow } from '../model/query-row.ts';

/** Instants may be given as ISO 8601, and 64 bits as a plain number. */
type Loose<Value> = Value | (Date extends Value ? string : never) | (bigint extends Value ? number : never);

/** A row as a test gives it: only the columns that matter. */
export type TestRow<Entity extends AnyEntity> = {
  readonly [Column in keyof QueryRow<Entity>]?: Loose<QueryRow<Entity>[Column]>;
};

/** Rows of any table. */
export type AnyRow = Readonly<Record<string, unknown>>;

/** Rows that a test puts into one table. */
export interface GivenRows {
  readonly entity: AnyEntity;
  readonly rows: readonly AnyRow[];
}

/**
 * Rows for a table, with the columns that matter. The others are made up when the rows are loaded: what a value must be,
 * something valid; what may be null, null; a relation, the first row that the same call gives its parent.
 *
 * @example
 * ```ts
 * given(Bronze.Customer, [{ customer_id: 1, email: null }, { customer_id: 2 }]);
 * ```
 */
export function given<Entity extends AnyEntity>(entity: Entity, rows: readonly TestRow<Entity>[]): GivenRows {
  return { entity, rows: rows as readonly AnyRow[] };
}
