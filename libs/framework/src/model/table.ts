import type { EntitySchema } from '@mikro-orm/core';

/** Any entity that `defineEntity()` makes. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the entity's own type parameters are invariant
export type AnyEntity = EntitySchema<any, any>;

/** What a datakit says about a table beyond its entity; only what differs from the default. */
export interface TableOptions {
  /** How the source names things, where it differs from the entity. */
  readonly source?: {
    /** Table of the source. */
    readonly table?: string;
    /** Source column → our column. */
    readonly columns?: Readonly<Record<string, string>>;
  };
}

/** An entity with its options. */
export interface TableDefinition {
  readonly kind: 'table';
  readonly entity: AnyEntity;
  readonly options: TableOptions;
}

/**
 * Adds options to an entity of a datakit.
 *
 * @example
 * ```ts
 * table(Film, { source: { table: 'movie', columns: { release_year: 'year_of_release' } } })
 * ```
 */
export function table(entity: AnyEntity, options: TableOptions = {}): TableDefinition {
  return { kind: 'table', entity, options };
}

/** Tells a table definition from a bare entity. */
export function isTableDefinition(value: unknown): value is TableDefinition {
  return typeof value === 'object' && value !== null && (value as TableDefinition).kind === 'table';
}
