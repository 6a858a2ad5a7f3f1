import { defineEntity, p } from '@mikro-orm/core';
import { bronzeMetadata } from '@datakit/framework';

export const Payment = defineEntity({
  name: 'Payment',
  tableName: 'payment',
  primaryKeys: ['payment_date', 'payment_id'],
  properties: {
    payment_id: p.integer().primary(),
    customer_id: p.integer().index(),
    staff_id: p.integer(),
    rental_id: p.integer(),
    amount: p.decimal().precision(5).scale(2),
    // The source is partitioned by this column and keyed by it first; it is read through the parent.
    payment_date: p.datetime(6).primary(),
    ...bronzeMetadata,
  },
});
