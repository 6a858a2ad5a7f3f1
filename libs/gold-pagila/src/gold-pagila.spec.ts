import { expect, test } from '@jest/globals';
import { deployTestTarget, given, makeRows, makeScenario, runTransform } from '@datakit/framework/testing';
import silver, * as Silver from '@datakit/silver-pagila';
import gold, { CustomerLifetime, DimCustomer, DimDate, FactPayment, FactRental, MonthlyRevenue } from './index.ts';

test('dates have no gap, and Monday is the first day of a week', async () => {
  const { rows } = await runTransform(gold, DimDate, [
    given(Silver.Rental, [{ rented_at: '2005-12-30T23:59:59Z' }]),
    given(Silver.Payment, [{ paid_at: '2006-01-02T00:00:00Z' }]),
  ]);
  expect(rows.map(({ date, quarter, weekday, is_weekend: weekend }) => [date, quarter, weekday, weekend])).toEqual([
    ['2005-12-30', 4, 5, false],
    ['2005-12-31', 4, 6, true],
    ['2006-01-01', 1, 7, true],
    ['2006-01-02', 1, 1, false],
  ]);
});

test('revenue is that of the month in UTC and of the store of the copy, once for each category', async () => {
  const { rows } = await runTransform(gold, MonthlyRevenue, [
    given(FactPayment, [
      { payment_id: 1, rental_id: 1, film_id: 1, store_id: 2, paid_on: '2005-05-31', amount: '0.10' },
      { payment_id: 2, rental_id: 1, film_id: 1, store_id: 2, paid_on: '2005-05-01', amount: '0.20' },
      { payment_id: 3, rental_id: 2, film_id: 2, store_id: 2, paid_on: '2005-06-01', amount: '4.99' },
    ]),
    given(Silver.FilmCategory, [
      { film_id: 1, category_id: 1, category: 'Action' },
      { film_id: 1, category_id: 2, category: 'Comedy' },
      { film_id: 2, category_id: 1, category: 'Action' },
    ]),
  ]);
  expect(rows).toEqual([
    { store_id: 2, category: 'Action', month: '2005-05-01', revenue: '0.30', rentals: 1 },
    { store_id: 2, category: 'Action', month: '2005-06-01', revenue: '4.99', rentals: 1 },
    { store_id: 2, category: 'Comedy', month: '2005-05-01', revenue: '0.30', rentals: 1 },
  ]);
});

test('customers who never rented have a lifetime, too', async () => {
  const { rows } = await runTransform(gold, CustomerLifetime, [
    makeRows(DimCustomer, 2),
    given(FactRental, [
      { rental_id: 1, customer_id: 1, rented_on: '2005-05-01' },
      { rental_id: 2, customer_id: 1, rented_on: '2005-07-01' },
    ]),
    given(FactPayment, [
      { payment_id: 1, customer_id: 1, amount: '5.00' },
      { payment_id: 2, customer_id: 1, amount: '0.01' },
    ]),
  ]);
  expect(rows).toEqual([
    {
      customer_id: 1,
      rentals: 2,
      first_rental_on: '2005-05-01',
      last_rental_on: '2005-07-01',
      payments: 2,
      total_paid: '5.01',
    },
    { customer_id: 2, rentals: 0, first_rental_on: null, last_rental_on: null, payments: 0, total_paid: '0.00' },
  ]);
});

test('gold holds all that silver has', async () => {
  await using target = await deployTestTarget([gold]);
  await target.load(...makeScenario(silver, { rows: { rental: 300, payment: 400, customer: 40 } }));
  await target.build(gold);
  expect(await target.rows(FactPayment)).toHaveLength(400);
  expect((await target.validate(gold)).findings).toEqual([]);
});
