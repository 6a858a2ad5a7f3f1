import { defineEntity, p } from '@mikro-orm/core';
import { bronzeMetadata } from '@datakit/framework';

export const Rental = defineEntity({
  name: 'Rental',
  tableName: 'rental',
  properties: {
    rental_id: p.integer().primary(),
    rental_date: p.datetime(6),
    inventory_id: p.integer().index(),
    customer_id: p.integer(),
    return_date: p.datetime(6).nullable(),
    staff_id: p.integer(),
    last_update: p.datetime(6),
    ...bronzeMetadata,
  },
  uniques: [{ properties: ['rental_date', 'inventory_id', 'customer_id'] }],
});
