import { p } from '@mikro-orm/core';
import { v7 as uuidV7 } from 'uuid';
import { maintained } from './maintained-columns.ts';

const now = () => p.datetime(6).defaultRaw('now()');

/** When the database last wrote the row; the database keeps it. */
const systime = () => maintained('system time', now());

/**
 * Columns of a reference table: a small list of things that other tables point to.
 * The table adds its own code and label columns.
 *
 * @example
 * ```ts
 * properties: { ...referenceTable, code: p.string().length(8), label: p.text() }
 * ```
 */
export const referenceTable = {
  id: p.smallint().primary().autoincrement(false),
  /** When the entry was retired; null while it is active. */
  inactivated_date: p.datetime(6).nullable(),
  systime: systime(),
};

/**
 * Columns of a transactional table: rows that business processes create and change. The database keeps the times,
 * whoever writes the rows; it refuses a change of `created_at`.
 *
 * @example
 * ```ts
 * properties: { ...transactionalTable, amount: p.decimal().precision(12).scale(2) }
 * ```
 */
export const transactionalTable = {
  /** UUID of version 7, so keys sort by creation time. Whoever makes the row gives it; the entity manager does. */
  id: p
    .uuid()
    .primary()
    .onCreate(() => uuidV7()),
  systime: systime(),
  /** Set once. */
  created_at: maintained('creation time', now()),
  /** Set by every update, whatever it says. */
  updated_at: maintained('update time', now()),
};

/**
 * Columns of a table whose earlier states are kept in `<table>__history`. Spread them beside the table's own columns
 * or beside another mixin; `table(Customer, { history: { exclude: ['phone'] } })` leaves columns out of the history.
 *
 * @example
 * ```ts
 * properties: { customer_id: p.integer().primary(), name: p.text(), ...temporalTable }
 * ```
 */
export const temporalTable = {
  /** From when the row's state holds: what an update says, else its time, where it changes a tracked column. */
  effective_time: maintained('effective time', now()),
  systime: systime(),
};
