import { defineEntity, p } from '@mikro-orm/core';
import * as Bronze from '@datakit/bronze-pagila';
import { range, rebuild, reconciles, relationship, table } from '@datakit/framework';
import { Customer } from './customer.ts';
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
  expect: [
    reconciles(Bronze.Payment),
    relationship('rental_id', Rental),
    relationship('customer_id', Customer, { severity: 'warn' }),
    range('amount', { min: 0 }),
  ],
  build: rebuild(
    { payment: Bronze.Payment, rental: Rental },
    (from) =>
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
    {
      quarantine: {
        'negative amount': (_, { compare }) => compare('row.amount', '<', 0),
        // Also where the rental itself is in quarantine: no total counts what it cannot explain.
        'for no known rental': (row) =>
          row.not(
            row.exists(
              row.selectFrom('rental').select('rental.rental_id').whereRef('rental.rental_id', '=', 'row.rental_id'),
            ),
          ),
      },
    },
  ),
});
