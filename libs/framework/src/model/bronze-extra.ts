import { p } from '@mikro-orm/core';

/**
 * The column in which a bronze table keeps what its source has and its entity does not declare, as a json object by the
 * source's names. A contract with `evolve` needs it.
 *
 * @example
 * ```ts
 * properties: { film_id: p.integer().primary(), ...bronzeExtra, ...bronzeMetadata }
 * ```
 */
export const bronzeExtra = {
  /** Null for a row that has nothing of it. */
  bronze_extra: p.json<Record<string, unknown>>().nullable(),
};

/** Name of the {@link bronzeExtra} column. */
export const bronzeExtraColumn = 'bronze_extra';
