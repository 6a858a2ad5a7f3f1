import type { EntitySchema } from '@mikro-orm/core';

/** Any entity that `defineEntity()` makes. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the entity's own type parameters are invariant
export type AnyEntity = EntitySchema<any, any>;

/** Names of an entity's properties, which are the names of its columns unless it gives them others; `string` for an entity of unknown shape. */
export type ColumnOf<Entity extends AnyEntity> = Entity extends { readonly '~entity': infer Row }
  ? Extract<keyof Row, string>
  : string;
