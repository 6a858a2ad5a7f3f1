import { defineDatakit, postgresSource } from '@datakit/framework';
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
  tables: [
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
  ],
});
