import { defineEntity, p } from '@mikro-orm/core';
import { bronzeMetadata } from '@datakit/framework';

export const City = defineEntity({
  name: 'City',
  tableName: 'city',
  properties: {
    city_id: p.integer().primary(),
    city: p.text(),
    country_id: p.integer().index(),
    last_update: p.datetime(6),
    ...bronzeMetadata,
  },
});
