import { defineEntity, p } from '@mikro-orm/core';
import type { FailedCheck } from '../run-checks.ts';

export const hostileName = 'o"d`d ?\'; --';
export const Order = defineEntity({
  name: 'Order',
  tableName: 'order',
  properties: {
    id: p.integer().primary().autoincrement(false),
    code: p.text().nullable(),
    price: p.decimal().columnType('numeric').nullable(),
    region: p.string().length(20).nullable(),
    number: p.integer().nullable(),
    changed_at: p.datetime(6).nullable(),
    changed_on: p.date().nullable(),
    replaces: p.integer().nullable(),
  },
});
export const Line = defineEntity({
  name: 'Line',
  tableName: hostileName,
  properties: {
    order_id: p.integer().primary(),
    position: p.bigint().primary(),
    [hostileName]: p.integer().nullable(),
    renamed: p.text().nullable().fieldName('kept_as'),
    order: () => p.manyToOne(Order).nullable().createForeignKeyConstraint(false),
  },
});

/** What findings say, without their severity. */
export const summary = (failed: readonly FailedCheck[]) =>
  failed.map(({ finding: { check, object, kind, expected, found, failed: rows } }) => ({
    check,
    object,
    kind,
    expected,
    found,
    ...(rows === undefined ? {} : { rows }),
  }));
