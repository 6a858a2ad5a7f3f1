import { defineEntity, p } from '@mikro-orm/core';
import * as Bronze from '@datakit/bronze-pagila';
import { range, rebuild, relationship, table } from '@datakit/framework';
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
    // A customer may be in quarantine, and was a customer all the same.
    relationship('customer_id', Customer, { severity: 'warn' }),
    relationship('film_id', Film),
    relationship('store_id', Store),
    range('duration_seconds', { min: 0 }),
  ],
  build: rebuild({ rental: Bronze.Rental, inventory: Bronze.Inventory }, (from, { secondsBetween }) =>
    from
      .selectFrom('rental')
      .innerJoin('inventory', 'inventory.inventory_id', 'rental.inventory_id')
      .select([
        'rental.rental_id',
        'rental.customer_id',
        'rental.staff_id',
        'inventory.film_id',
        'inventory.store_id',
        'rental.rental_date as rented_at',
        'rental.return_date as returned_at',
        secondsBetween('rental.rental_date', 'rental.return_date').as('duration_seconds'),
      ]),
  ),
});
