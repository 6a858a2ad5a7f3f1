import { defineDatakit } from '@datakit/framework';
import { customers } from './customer.ts';
import { filmCategories } from './film-category.ts';
import { films } from './film.ts';
import { payments } from './payment.ts';
import { rentals } from './rental.ts';
import { stores } from './store.ts';

export { Customer } from './customer.ts';
export { FilmCategory } from './film-category.ts';
export { Film } from './film.ts';
export { Payment } from './payment.ts';
export { Rental } from './rental.ts';
export { Store } from './store.ts';

/** Pagila typed, joined and cleaned: what every report begins with. */
export default defineDatakit({
  name: 'silver-pagila',
  layer: 'silver',
  tables: [customers, films, filmCategories, stores, rentals, payments],
});
