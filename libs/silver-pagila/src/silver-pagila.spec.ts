import { describe, expect, test } from '@jest/globals';
import bronze, * as Bronze from '@datakit/bronze-pagila';
import { deployTestTarget, given, makeScenario, runTransform } from '@datakit/framework/testing';
import silver, { Customer, Film, Payment, Rental, Store } from './index.ts';

describe('customers', () => {
  const place = [
    given(Bronze.Address, [{ address_id: 5, address: '1913 Hanoi Way', city_id: 7 }]),
    given(Bronze.City, [{ city_id: 7, city: 'Sasebo', country_id: 9 }]),
    given(Bronze.Country, [{ country_id: 9, country: 'Japan' }]),
  ];

  test('get their full address', async () => {
    const { rows } = await runTransform(silver, Customer, [
      given(Bronze.Customer, [{ customer_id: 1, email: 'MARY.SMITH@sakilacustomer.org', address_id: 5 }]),
      ...place,
    ]);
    expect(rows).toMatchObject([{ customer_id: 1, address: '1913 Hanoi Way', city: 'Sasebo', country: 'Japan' }]);
  });

  test('who cannot be written to are set aside, each with the reason', async () => {
    const { rows, quarantined, table } = await runTransform(silver, Customer, [
      given(Bronze.Customer, [
        { customer_id: 1, email: 'mary@example.org', address_id: 5 },
        { customer_id: 2, email: null, address_id: 5 },
        { customer_id: 3, email: 'nobody at home', address_id: 5 },
        { customer_id: 4, email: 'lost@example.org', address_id: 404 },
      ]),
      ...place,
    ]);
    expect(rows.map(({ customer_id: id }) => id)).toEqual([1]);
    expect(quarantined.map(({ reason, row }) => `${row['customer_id']}: ${reason}`)).toEqual([
      '3: e-mail address not valid',
      '2: no e-mail address',
      '4: no full address',
    ]);
    expect(table).toMatchObject({ read: 4, loaded: 1, quarantined: 3 });
  });
});

test('films have their language without its blanks, and the first of their categories', async () => {
  const { rows } = await runTransform(silver, Film, [
    given(Bronze.Film, [
      { film_id: 1, title: 'ACADEMY DINOSAUR', language_id: 1 },
      { film_id: 2, language_id: 1 },
    ]),
    given(Bronze.Language, [{ language_id: 1, name: 'English' }]),
    given(Bronze.FilmCategory, [
      { film_id: 1, category_id: 6 },
      { film_id: 1, category_id: 2 },
    ]),
    given(Bronze.Category, [
      { category_id: 2, name: 'Animation' },
      { category_id: 6, name: 'Documentary' },
    ]),
  ]);
  expect(rows).toMatchObject([
    { film_id: 1, title: 'ACADEMY DINOSAUR', language: 'English', category: 'Animation' },
    { film_id: 2, category: null },
  ]);
});

test('rentals know their film and how long they took; impossible ones are set aside', async () => {
  const { rows, quarantined } = await runTransform(silver, Rental, [
    given(Bronze.Inventory, [{ inventory_id: 10, film_id: 3, store_id: 2 }]),
    given(Bronze.Rental, [
      { rental_id: 1, inventory_id: 10, rental_date: '2005-05-24T22:53:30Z', return_date: '2005-05-26T22:04:30Z' },
      { rental_id: 2, inventory_id: 10, rental_date: '2005-05-27T00:00:00Z', customer_id: 2 },
      { rental_id: 3, inventory_id: 404 },
      {
        rental_id: 4,
        inventory_id: 10,
        rental_date: '2005-05-24T22:53:30Z',
        return_date: '2005-05-24T00:00:00Z',
        customer_id: 3,
      },
    ]),
  ]);
  expect(rows).toMatchObject([
    { rental_id: 1, film_id: 3, store_id: 2, duration_seconds: 169_860n },
    { rental_id: 2, returned_at: null, duration_seconds: null },
  ]);
  expect(quarantined.map(({ reason }) => reason)).toEqual(['of an unknown copy', 'returned before it was rented']);
});

test('payments for rentals that nobody knows are set aside', async () => {
  const { rows, quarantined } = await runTransform(silver, Payment, [
    given(Rental, [{ rental_id: 1 }]),
    given(Bronze.Payment, [
      { payment_id: 1, rental_id: 1, amount: '2.99' },
      { payment_id: 2, rental_id: 404 },
      { payment_id: 3, rental_id: 1, amount: '-1.00' },
    ]),
  ]);
  expect(rows).toMatchObject([{ payment_id: 1, amount: '2.99' }]);
  expect(quarantined.map(({ reason }) => reason)).toEqual(['for no known rental', 'negative amount']);
});

test('a whole scenario of the source becomes silver, and no row gets lost', async () => {
  await using target = await deployTestTarget([silver]);
  await target.load(...makeScenario(bronze, { rows: { customer: 50, rental: 500, payment: 700, film_category: 20 } }));
  const tables = await target.build(silver);
  expect(tables.reduce((sum, { read, loaded, quarantined }) => sum + read - loaded - quarantined, 0)).toBe(0);
  expect(await target.rows(Payment)).toHaveLength(700 - (await target.quarantined(silver, Payment)).length);
  expect(await target.rows(Store)).toHaveLength(10);
  const { findings } = await target.validate(silver);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});
