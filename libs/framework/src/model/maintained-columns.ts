/**
 * What the database itself writes into a column, by triggers:
 * - `effective time`: when the row's state began to hold; a table that has one is temporal
 * - `system time`: when the database last wrote the row
 * - `creation time`: when the row was made; cannot be changed
 * - `update time`: when the row was last changed
 */
export type MaintainedRole = 'effective time' | 'system time' | 'creation time' | 'update time';

/** A symbol of the global registry: an entity may come from another copy of this module. */
const roleKey = Symbol.for('datakit.maintained-column');

/** Marks a property builder; the mark goes along when the mixin is spread and when the builder is refined. */
export function maintained<Builder extends object>(role: MaintainedRole, builder: Builder): Builder {
  (builder as { '~options': Record<symbol, unknown> })['~options'][roleKey] = role;
  return builder;
}

/** What the database writes into a property; undefined for ordinary ones. */
export function roleOf(property: object): MaintainedRole | undefined {
  return (property as Record<symbol, MaintainedRole | undefined>)[roleKey];
}
