import { defineEntity, p } from '@mikro-orm/core';
import * as Bronze from '@datakit/bronze-pagila';
import { matches, rebuild, reconciles, table, temporalTable } from '@datakit/framework';

/**
 * A customer who can be written to: with a valid e-mail address and the full postal one. `customer__history` keeps what it
 * was before; the others are in `_datakit.quarantine`, each with the reason.
 */
export const Customer = defineEntity({
  name: 'Customer',
  tableName: 'customer',
  properties: {
    customer_id: p.integer().primary(),
    store_id: p.integer(),
    first_name: p.text(),
    last_name: p.text(),
    email: p.text(),
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

const validEmail = /^[^@\s]+@[^@\s]+\.[A-Za-z]+$/;

export const customers = table(Customer, {
  // A new phone number alone is no new state of a customer.
  history: { exclude: ['phone'] },
  expect: [matches('email', validEmail), reconciles(Bronze.Customer)],
  build: rebuild(
    { customer: Bronze.Customer, address: Bronze.Address, city: Bronze.City, country: Bronze.Country },
    (from) =>
      from
        .selectFrom('customer')
        // Left joins: who has no address is to be found in the quarantine, and not nowhere.
        .leftJoin('address', 'address.address_id', 'customer.address_id')
        .leftJoin('city', 'city.city_id', 'address.city_id')
        .leftJoin('country', 'country.country_id', 'city.country_id')
        .select((eb) => [
          'customer.customer_id',
          'customer.store_id',
          'customer.first_name',
          'customer.last_name',
          // The conditions below see to it that these are there.
          eb.ref('customer.email').$notNull().as('email'),
          eb.ref('address.phone').$notNull().as('phone'),
          eb.ref('address.address').$notNull().as('address'),
          'address.address2',
          eb.ref('address.district').$notNull().as('district'),
          'address.postal_code',
          eb.ref('city.city').$notNull().as('city'),
          eb.ref('country.country').$notNull().as('country'),
          'customer.activebool as is_active',
          'customer.create_date as customer_since',
        ]),
    {
      quarantine: {
        'no e-mail address': (row) => row('email', 'is', null),
        'e-mail address not valid': (row, { matches: fits }) => row.not(fits('row.email', validEmail)),
        'no full address': (row) =>
          row.or([
            row('address', 'is', null),
            row('address', '=', ''),
            row('city', 'is', null),
            row('country', 'is', null),
          ]),
      },
    },
  ),
});
