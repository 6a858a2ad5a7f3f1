import { defineEntity, p } from '@mikro-orm/core';
import * as Bronze from '@datakit/bronze-pagila';
import { matches, rebuild, table, temporalTable } from '@datakit/framework';

/** A customer with the full address; `customer__history` keeps what it was before. */
export const Customer = defineEntity({
  name: 'Customer',
  tableName: 'customer',
  properties: {
    customer_id: p.integer().primary(),
    store_id: p.integer(),
    first_name: p.text(),
    last_name: p.text(),
    email: p.text().nullable(),
    phone: p.text(),
    address: p.text(),
    address2: p.text().nullable(),
    district: p.text(),
    postal_code: p.text().nullable(),
    city: p.text(),
    country: p.text(),
    is_active: p.boolean(),
    customer_since: p.date(),
    ...temporalTable,
  },
});

export const customers = table(Customer, {
  // A new phone number alone is no new state of a customer.
  history: { exclude: ['phone'] },
  expect: [matches('email', /^[^@\s]+@[^@\s]+\.[A-Za-z]+$/)],
  build: rebuild(
    { customer: Bronze.Customer, address: Bronze.Address, city: Bronze.City, country: Bronze.Country },
    (from) =>
      from
        .selectFrom('customer')
        .innerJoin('address', 'address.address_id', 'customer.address_id')
        .innerJoin('city', 'city.city_id', 'address.city_id')
        .innerJoin('country', 'country.country_id', 'city.country_id')
        .select([
          'customer.customer_id',
          'customer.store_id',
          'customer.first_name',
          'customer.last_name',
          'customer.email',
          'address.phone',
          'address.address',
          'address.address2',
          'address.district',
          'address.postal_code',
          'city.city',
          'country.country',
          'customer.activebool as is_active',
          'customer.create_date as customer_since',
        ]),
  ),
});
