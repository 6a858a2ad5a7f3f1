import { defineEntity, p } from '@mikro-orm/core';
import { rebuild, reconciles, table, unique } from '@datakit/framework';
import * as Silver from '@datakit/silver-pagila';

export const DimCustomer = defineEntity({
  name: 'DimCustomer',
  tableName: 'dim_customer',
  properties: {
    customer_id: p.integer().primary(),
    name: p.text(),
    email: p.text(),
    store_id: p.integer(),
    city: p.text(),
    country: p.text(),
    is_active: p.boolean(),
    customer_since: p.date(),
  },
});

export const dimCustomer = table(DimCustomer, {
  expect: [reconciles(Silver.Customer), unique('email', { severity: 'warn' })],
  build: rebuild({ customer: Silver.Customer }, (from, { concat }) =>
    from
      .selectFrom('customer')
      .select([
        'customer.customer_id',
        concat('customer.first_name', [' '], 'customer.last_name').as('name'),
        'customer.email',
        'customer.store_id',
        'customer.city',
        'customer.country',
        'customer.is_active',
        'customer.customer_since',
      ]),
  ),
});
