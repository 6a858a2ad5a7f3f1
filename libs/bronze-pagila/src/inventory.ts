import { defineEntity, p } from '@mikro-orm/core';
import { bronzeMetadata } from '@datakit/framework';

export const Inventory = defineEntity({
  name: 'Inventory',
  tableName: 'inventory',
  properties: {
    inventory_id: p.integer().primary(),
    film_id: p.integer(),
    store_id: p.integer(),
    last_update: p.datetime(6),
    ...bronzeMetadata,
  },
  indexes: [{ properties: ['store_id', 'film_id'] }],
});
