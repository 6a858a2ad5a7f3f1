import { defineEntity, p } from '@mikro-orm/core';
import * as Bronze from '@datakit/bronze-pagila';
import { range, rebuild, relationship, table } from '@datakit/framework';
import { Rental } from './rental.ts';

/** A payment for a rental. */
export const Payment = defineEntity({
  name: 'Payment',
  tableName: 'payment',
  properties: {
    payment_id: p.integer().primary(),
    rental_id: p.integer().index(),
    customer_id: p.integer(),
    staff_id: p.integer(),
    amount: p.decimal().precision(5).scale(2),
    paid_at: p.datetime(6),
  },
});

export const payments = table(Payment, {
  expect: [relationship('rental_id', Rental), range('amount', { min: 0 })],
  build: rebuild({ payment: Bronze.Payment }, (from) =>
    from
      .selectFrom('payment')
      .select([
        'payment.payment_id',
        'payment.rental_id',
        'payment.customer_id',
        'payment.staff_id',
        'payment.amount',
        'payment.payment_date as paid_at',
      ]),
  ),
});
