import { defineEntity, p } from '@mikro-orm/core';
import { bronzeMetadata } from '@datakit/framework';

export const Address = defineEntity({
  name: 'Address',
  tableName: 'address',
  properties: {
    address_id: p.integer().primary(),
    address: p.text(),
    address2: p.text().nullable(),
    district: p.text(),
    city_id: p.integer().index(),
    postal_code: p.text().nullable(),
    phone: p.text(),
    last_update: p.datetime(6),
    ...bronzeMetadata,
  },
});
