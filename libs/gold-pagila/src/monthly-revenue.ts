import { defineEntity, p } from '@mikro-orm/core';
import { range, rebuild, relationship, table, upToDate } from '@datakit/framework';
import * as Silver from '@datakit/silver-pagila';
import { DimStore } from './dim-store.ts';
import { FactPayment } from './fact-payment.ts';

/**
 * What each category brought each store in each month. A film in several categories counts in each of them, so sums over
 * categories are more than what was paid: those come from `fact_payment`.
 */
export const MonthlyRevenue = defineEntity({
  name: 'MonthlyRevenue',
  tableName: 'monthly_revenue',
  properties: {
    /** The store of the rented copy. */
    store_id: p.integer().primary(),
    category: p.string().length(60).primary(),
    /** First day of the month of the payment, in UTC. */
    month: p.date().primary(),
    revenue: p.decimal().precision(14).scale(2),
    rentals: p.integer(),
  },
});

export const monthlyRevenue = table(MonthlyRevenue, {
  expect: [
    relationship('store_id', DimStore),
    range('revenue', { min: 0 }),
    range('rentals', { min: 1 }),
    // From the source to here, whatever was loaded when on the way.
    upToDate({ maxAge: '1 day', severity: 'warn' }),
  ],
  build: rebuild({ payment: FactPayment, film_category: Silver.FilmCategory }, (from, { month, sum }) =>
    from
      .selectFrom('payment')
      .innerJoin('film_category', 'film_category.film_id', 'payment.film_id')
      .groupBy(['payment.store_id', 'film_category.category', month('payment.paid_on')])
      .select((eb) => [
        'payment.store_id',
        'film_category.category',
        month('payment.paid_on').as('month'),
        sum('payment.amount').as('revenue'),
        eb.fn.count<number>('payment.rental_id').distinct().as('rentals'),
      ]),
  ),
});
