import { defineEntity, p } from '@mikro-orm/core';
import { bronzeMetadata } from '@datakit/framework';

export const Store = defineEntity({
  name: 'Store',
  tableName: 'store',
  properties: {
    store_id: p.integer().primary(),
    manager_staff_id: p.integer().unique(),
    address_id: p.integer(),
    last_update: p.datetime(6),
    ...bronzeMetadata,
  },
});
