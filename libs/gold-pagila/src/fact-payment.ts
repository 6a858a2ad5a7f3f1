import { defineEntity, p } from '@mikro-orm/core';
import { range, rebuild, reconciles, relationship, table } from '@datakit/framework';
import * as Silver from '@datakit/silver-pagila';
import { DimCustomer } from './dim-customer.ts';
import { DimDate } from './dim-date.ts';
import { DimFilm } from './dim-film.ts';
import { DimStore } from './dim-store.ts';

/** One row a payment: totals come from here. */
export const FactPayment = defineEntity({
  name: 'FactPayment',
  tableName: 'fact_payment',
  properties: {
    payment_id: p.integer().primary(),
    rental_id: p.integer().index(),
    paid_on: p.date().index(),
    customer_id: p.integer().index(),
    film_id: p.integer().index(),
    /** The store of the rented copy. */
    store_id: p.integer(),
    amount: p.decimal().precision(5).scale(2),
  },
});

export const factPayment = table(FactPayment, {
  expect: [
    reconciles(Silver.Payment),
    relationship('paid_on', DimDate),
    relationship('customer_id', DimCustomer, { severity: 'warn' }),
    relationship('film_id', DimFilm),
    relationship('store_id', DimStore),
    range('amount', { min: 0 }),
  ],
  build: rebuild({ payment: Silver.Payment, rental: Silver.Rental }, (from, { date }) =>
    from
      .selectFrom('payment')
      .innerJoin('rental', 'rental.rental_id', 'payment.rental_id')
      .select([
        'payment.payment_id',
        'payment.rental_id',
        date('payment.paid_at').as('paid_on'),
        'payment.customer_id',
        'rental.film_id',
        'rental.store_id',
        'payment.amount',
      ]),
  ),
});
