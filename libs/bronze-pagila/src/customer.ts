import { defineEntity, p } from '@mikro-orm/core';
import { bronzeMetadata } from '@datakit/framework';

export const Customer = defineEntity({
  name: 'Customer',
  tableName: 'customer',
  properties: {
    customer_id: p.integer().primary(),
    store_id: p.integer().index(),
    first_name: p.text(),
    last_name: p.text().index(),
    email: p.text().nullable(),
    address_id: p.integer().index(),
    activebool: p.boolean(),
    create_date: p.date(),
    last_update: p.datetime(6).nullable(),
    active: p.integer().nullable(),
    ...bronzeMetadata,
  },
});
