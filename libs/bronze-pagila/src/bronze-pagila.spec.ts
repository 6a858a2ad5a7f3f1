import { expect, test } from '@jest/globals';
import { deployTestTarget, given, makeScenario } from '@datakit/framework/testing';
import bronze, { Film, Payment, Rental } from './index.ts';

test('a whole scenario of the source is as expected', async () => {
  await using target = await deployTestTarget([bronze]);
  await target.load(...makeScenario(bronze, { rows: { film: 50, inventory: 100, rental: 500, payment: 500 } }));
  expect((await target.validate(bronze)).findings).toEqual([]);
  expect(await target.rows(Film)).toHaveLength(50);
});

test('what would be wrong in the source is found', async () => {
  await using target = await deployTestTarget([bronze]);
  const wrong = [
    given(Payment, [
      { payment_id: 7_001, amount: '-0.01' },
      { payment_id: 7_002, rental_id: 404 },
    ]),
    given(Rental, [{ rental_id: 8_001, rental_date: '2005-05-02T00:00:00Z', return_date: '2005-05-01T00:00:00Z' }]),
    given(Film, [{ film_id: 9_001, rating: 'X' }]),
  ];
  await target.load(...makeScenario(bronze, { given: wrong }));
  const { findings } = await target.validate(bronze);
  expect(findings.map(({ check, object, failed }) => `${check} ${object} ${failed}`)).toEqual([
    'acceptedValues film.rating 1',
    'relationship payment.rental_id 1',
    'range payment.amount 1',
    'sql rental 1',
  ]);
});
