import { defineEntity, p } from '@mikro-orm/core';
import * as Bronze from '@datakit/bronze-pagila';
import { range, rebuild, reconciles, relationship, table } from '@datakit/framework';
import { Customer } from './customer.ts';
import { Film } from './film.ts';
import { Store } from './store.ts';

/** A rental with the film and the store of the rented copy, and how long it took. */
export const Rental = defineEntity({
  name: 'Rental',
  tableName: 'rental',
  properties: {
    rental_id: p.integer().primary(),
    customer_id: p.integer(),
    staff_id: p.integer(),
    film_id: p.integer(),
    /** Where the copy belongs, which need not be where the customer does. */
    store_id: p.integer(),
    rented_at: p.datetime(6),
    returned_at: p.datetime(6).nullable(),
    /** Null while the copy is out. */
    duration_seconds: p.bigint().nullable(),
  },
});

export const rentals = table(Rental, {
  expect: [
    reconciles(Bronze.Rental),
    // A customer may be in quarantine, and was a customer all the same.
    relationship('customer_id', Customer, { severity: 'warn' }),
    relationship('film_id', Film),
    relationship('store_id', Store),
    range('duration_seconds', { min: 0 }),
  ],
  build: rebuild(
    { rental: Bronze.Rental, inventory: Bronze.Inventory },
    (from, { secondsBetween }) =>
      from
        .selectFrom('rental')
        .leftJoin('inventory', 'inventory.inventory_id', 'rental.inventory_id')
        .select((eb) => [
          'rental.rental_id',
          'rental.customer_id',
          'rental.staff_id',
          eb.ref('inventory.film_id').$notNull().as('film_id'),
          eb.ref('inventory.store_id').$notNull().as('store_id'),
          'rental.rental_date as rented_at',
          'rental.return_date as returned_at',
          secondsBetween('rental.rental_date', 'rental.return_date').as('duration_seconds'),
        ]),
    {
      quarantine: {
        'of an unknown copy': (row) => row('film_id', 'is', null),
        'returned before it was rented': (row) => row('duration_seconds', '<', 0),
      },
    },
  ),
});
