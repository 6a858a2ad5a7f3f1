import { p } from '@mikro-orm/core';
import { v7 as uuidV7 } from 'uuid';

const systime = () => p.datetime(6).defaultRaw('now()');

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
  /** When the database last wrote the row. */
  systime: systime(),
};

/** Columns of a transactional table: rows that business processes create and change. */
export const transactionalTable = {
  /** UUID of version 7, so keys sort by creation time. */
  id: p
    .uuid()
    .primary()
    .onCreate(() => uuidV7()),
  systime: systime(),
  /** Set once. */
  created_at: p.datetime(6).defaultRaw('now()'),
  updated_at: p
    .datetime(6)
    .defaultRaw('now()')
    .onUpdate(() => new Date()),
};

/** Columns of a table whose earlier states are kept in a history table. */
export const temporalTable = {
  /** From when the row's state holds. */
  effective_time: p.datetime(6).defaultRaw('now()'),
  systime: systime(),
};
