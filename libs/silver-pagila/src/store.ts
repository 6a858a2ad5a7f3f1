import { defineEntity, p } from '@mikro-orm/core';
import * as Bronze from '@datakit/bronze-pagila';
import { rebuild, reconciles, table } from '@datakit/framework';

/** A store with its place and its manager. */
export const Store = defineEntity({
  name: 'Store',
  tableName: 'store',
  properties: {
    store_id: p.integer().primary(),
    manager: p.text(),
    address: p.text(),
    city: p.text(),
    country: p.text(),
  },
});

export const stores = table(Store, {
  expect: [reconciles(Bronze.Store)],
  build: rebuild(
    {
      store: Bronze.Store,
      staff: Bronze.Staff,
      address: Bronze.Address,
      city: Bronze.City,
      country: Bronze.Country,
    },
    (from, { concat }) =>
      from
        .selectFrom('store')
        .innerJoin('staff', 'staff.staff_id', 'store.manager_staff_id')
        .innerJoin('address', 'address.address_id', 'store.address_id')
        .innerJoin('city', 'city.city_id', 'address.city_id')
        .innerJoin('country', 'country.country_id', 'city.country_id')
        .select([
          'store.store_id',
          concat('staff.first_name', [' '], 'staff.last_name').as('manager'),
          'address.address',
          'city.city',
          'country.country',
        ]),
  ),
});
