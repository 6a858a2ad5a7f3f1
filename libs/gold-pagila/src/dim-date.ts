import { defineEntity, p } from '@mikro-orm/core';
import { rebuild, rowCount, table } from '@datakit/framework';
import * as Silver from '@datakit/silver-pagila';

/** Every day from the first rental or payment to the last, in UTC, also those on which nothing happened. */
export const DimDate = defineEntity({
  name: 'DimDate',
  tableName: 'dim_date',
  properties: {
    date: p.date().primary(),
    year: p.integer(),
    quarter: p.integer(),
    month: p.integer(),
    /** First day of the month. */
    month_start: p.date(),
    day: p.integer(),
    /** 1 is Monday. */
    weekday: p.integer(),
    is_weekend: p.boolean(),
  },
});

export const dimDate = table(DimDate, {
  expect: [
    // Below are the numbers from 0 to 9999: what is longer than 27 years would end too early.
    rowCount({ min: 1, max: 9_999 }),
  ],
  build: rebuild({ rental: Silver.Rental, payment: Silver.Payment }, (from, { addDays, date, month, part }) =>
    from
      .with('event', (db) =>
        db
          .selectFrom('rental')
          .select([date('rental.rented_at').as('day')])
          .unionAll(db.selectFrom('payment').select([date('payment.paid_at').as('day')])),
      )
      .with('span', (db) =>
        db.selectFrom('event').select((eb) => [eb.fn.min('day').as('first_day'), eb.fn.max('day').as('last_day')]),
      )
      .with('digit', (db) => {
        const [zero, ...others] = Array.from({ length: 10 }, (_, n) => db.selectNoFrom((eb) => eb.lit(n).as('n')));
        return others.reduce((union, other) => union.unionAll(other), zero!);
      })
      .with('day', (db) =>
        db
          .selectFrom('span')
          .crossJoin('digit as ones')
          .crossJoin('digit as tens')
          .crossJoin('digit as hundreds')
          .crossJoin('digit as thousands')
          .select((eb) => [
            addDays(
              eb.ref('span.first_day'),
              eb(
                eb('ones.n', '+', eb('tens.n', '*', 10)),
                '+',
                eb(eb('hundreds.n', '*', 100), '+', eb('thousands.n', '*', 1000)),
              ),
            ).as('date'),
            'span.last_day',
          ]),
      )
      .selectFrom('day')
      .whereRef('day.date', '<=', 'day.last_day')
      .select((eb) => {
        const day = eb.ref('day.date');
        return [
          'day.date',
          part('year', day).as('year'),
          part('quarter', day).as('quarter'),
          part('month', day).as('month'),
          month(day).as('month_start'),
          part('day', day).as('day'),
          part('weekday', day).as('weekday'),
          eb(part('weekday', day), '>=', 6).as('is_weekend'),
        ];
      }),
  ),
});
