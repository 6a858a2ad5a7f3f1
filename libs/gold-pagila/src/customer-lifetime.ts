import { defineEntity, p } from '@mikro-orm/core';
import { range, rebuild, reconciles, relationship, table } from '@datakit/framework';
import { DimCustomer } from './dim-customer.ts';
import { FactPayment } from './fact-payment.ts';
import { FactRental } from './fact-rental.ts';

/** What became of each customer so far, also of those who never rented. */
export const CustomerLifetime = defineEntity({
  name: 'CustomerLifetime',
  tableName: 'customer_lifetime',
  properties: {
    customer_id: p.integer().primary(),
    rentals: p.integer(),
    first_rental_on: p.date().nullable(),
    last_rental_on: p.date().nullable(),
    payments: p.integer(),
    total_paid: p.decimal().precision(14).scale(2),
  },
});

export const customerLifetime = table(CustomerLifetime, {
  expect: [reconciles(DimCustomer), relationship('customer_id', DimCustomer), range('total_paid', { min: 0 })],
  build: rebuild({ customer: DimCustomer, rental: FactRental, payment: FactPayment }, (from, { sum }) =>
    from
      .selectFrom('customer')
      .leftJoin(
        (eb) =>
          eb
            .selectFrom('rental')
            .groupBy('rental.customer_id')
            .select((each) => [
              'rental.customer_id',
              each.fn.countAll<number>().as('rentals'),
              each.fn.min('rental.rented_on').as('first_rental_on'),
              each.fn.max('rental.rented_on').as('last_rental_on'),
            ])
            .as('rented'),
        (join) => join.onRef('rented.customer_id', '=', 'customer.customer_id'),
      )
      .leftJoin(
        (eb) =>
          eb
            .selectFrom('payment')
            .groupBy('payment.customer_id')
            .select((each) => [
              'payment.customer_id',
              each.fn.countAll<number>().as('payments'),
              sum('payment.amount').as('total_paid'),
            ])
            .as('paid'),
        (join) => join.onRef('paid.customer_id', '=', 'customer.customer_id'),
      )
      .select((eb) => [
        'customer.customer_id',
        eb.fn.coalesce('rented.rentals', eb.lit(0)).as('rentals'),
        'rented.first_rental_on',
        'rented.last_rental_on',
        eb.fn.coalesce('paid.payments', eb.lit(0)).as('payments'),
        eb.fn.coalesce('paid.total_paid', eb.val('0.00')).as('total_paid'),
      ]),
  ),
});
