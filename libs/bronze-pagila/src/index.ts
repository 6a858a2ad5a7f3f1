import {
  acceptedValues,
  defineDatakit,
  matches,
  postgresSource,
  range,
  relationship,
  sql,
  table,
  unique,
} from '@datakit/framework';
import { Actor } from './actor.ts';
import { Address } from './address.ts';
import { Category } from './category.ts';
import { City } from './city.ts';
import { Country } from './country.ts';
import { Customer } from './customer.ts';
import { Film } from './film.ts';
import { FilmActor } from './film-actor.ts';
import { FilmCategory } from './film-category.ts';
import { Inventory } from './inventory.ts';
import { Language } from './language.ts';
import { Payment } from './payment.ts';
import { Rental } from './rental.ts';
import { Staff } from './staff.ts';
import { Store } from './store.ts';

export {
  Actor,
  Address,
  Category,
  City,
  Country,
  Customer,
  Film,
  FilmActor,
  FilmCategory,
  Inventory,
  Language,
  Payment,
  Rental,
  Staff,
  Store,
};

/** Every base table of Pagila, a DVD rental chain, as its source has it. */
export default defineDatakit({
  name: 'bronze-pagila',
  layer: 'bronze',
  source: postgresSource({
    system: 'pagila',
    url: '${PAGILA_URL}',
    schema: 'public',
    otherwise: () => import('@datakit/pagila-source').then((source) => source.serve()),
  }),
  // The relations that the source enforces by foreign keys, and what its people rely on beside them.
  tables: [
    Actor,
    table(Address, { expect: [relationship('city_id', City)] }),
    table(Category, { expect: [unique('name')] }),
    table(City, { expect: [relationship('country_id', Country)] }),
    Country,
    table(Customer, {
      expect: [
        relationship('store_id', Store),
        relationship('address_id', Address),
        matches('email', /^[^@\s]+@[^@\s]+\.[A-Za-z]+$/),
      ],
    }),
    table(Film, {
      expect: [
        relationship('language_id', Language),
        relationship('original_language_id', Language),
        range('release_year', { min: 1901, max: 2155 }),
        range('length', { min: 1, severity: 'warn' }),
        range('rental_rate', { min: 0 }),
        range('replacement_cost', { min: 0 }),
        acceptedValues('rating', ['G', 'PG', 'PG-13', 'R', 'NC-17']),
      ],
    }),
    table(FilmActor, { expect: [relationship('actor_id', Actor), relationship('film_id', Film)] }),
    table(FilmCategory, { expect: [relationship('film_id', Film), relationship('category_id', Category)] }),
    table(Inventory, { expect: [relationship('film_id', Film), relationship('store_id', Store)] }),
    table(Language, { expect: [unique('name')] }),
    table(Payment, {
      expect: [
        unique('payment_id'),
        relationship('customer_id', Customer),
        relationship('staff_id', Staff),
        relationship('rental_id', Rental),
        range('amount', { min: 0 }),
      ],
    }),
    table(Rental, {
      expect: [
        relationship('inventory_id', Inventory),
        relationship('customer_id', Customer),
        relationship('staff_id', Staff),
        sql('select rental_id from ${table} where return_date < rental_date', { name: 'rentals end after they begin' }),
      ],
    }),
    table(Staff, { expect: [relationship('store_id', Store), relationship('address_id', Address)] }),
    table(Store, { expect: [relationship('manager_staff_id', Staff), relationship('address_id', Address)] }),
  ],
});
