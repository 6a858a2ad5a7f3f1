import { defineDatakit } from '@datakit/framework';
import { customerLifetime } from './customer-lifetime.ts';
import { dimCustomer } from './dim-customer.ts';
import { dimDate } from './dim-date.ts';
import { dimFilm } from './dim-film.ts';
import { dimStore } from './dim-store.ts';
import { factPayment } from './fact-payment.ts';
import { factRental } from './fact-rental.ts';
import { monthlyRevenue } from './monthly-revenue.ts';

export { CustomerLifetime } from './customer-lifetime.ts';
export { DimCustomer } from './dim-customer.ts';
export { DimDate } from './dim-date.ts';
export { DimFilm } from './dim-film.ts';
export { DimStore } from './dim-store.ts';
export { FactPayment } from './fact-payment.ts';
export { FactRental } from './fact-rental.ts';
export { MonthlyRevenue } from './monthly-revenue.ts';

/** Pagila for people who ask questions: dimensions, facts, and the two answers that everybody asks for first. */
export default defineDatakit({
  name: 'gold-pagila',
  layer: 'gold',
  tables: [dimCustomer, dimFilm, dimStore, dimDate, factRental, factPayment, monthlyRevenue, customerLifetime],
});
