import { defineEntity, p } from '@mikro-orm/core';
import { rebuild, reconciles, relationship, table } from '@datakit/framework';
import * as Silver from '@datakit/silver-pagila';
import { DimCustomer } from './dim-customer.ts';
import { DimDate } from './dim-date.ts';
import { DimFilm } from './dim-film.ts';
import { DimStore } from './dim-store.ts';

/** One row a rental. */
export const FactRental = defineEntity({
  name: 'FactRental',
  tableName: 'fact_rental',
  properties: {
    rental_id: p.integer().primary(),
    rented_on: p.date().index(),
    customer_id: p.integer().index(),
    film_id: p.integer().index(),
    /** The store of the rented copy. */
    store_id: p.integer(),
    is_returned: p.boolean(),
    duration_seconds: p.bigint().nullable(),
  },
});

export const factRental = table(FactRental, {
  expect: [
    reconciles(Silver.Rental),
    relationship('rented_on', DimDate),
    relationship('customer_id', DimCustomer, { severity: 'warn' }),
    relationship('film_id', DimFilm),
    relationship('store_id', DimStore),
  ],
  build: rebuild({ rental: Silver.Rental }, (from, { date }) =>
    from
      .selectFrom('rental')
      .select((eb) => [
        'rental.rental_id',
        date('rental.rented_at').as('rented_on'),
        'rental.customer_id',
        'rental.film_id',
        'rental.store_id',
        eb('rental.returned_at', 'is not', null).as('is_returned'),
        'rental.duration_seconds',
      ]),
  ),
});
