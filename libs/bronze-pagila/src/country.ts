import { defineEntity, p } from '@mikro-orm/core';
import { bronzeMetadata } from '@datakit/framework';

export const Country = defineEntity({
  name: 'Country',
  tableName: 'country',
  properties: {
    country_id: p.integer().primary(),
    country: p.text(),
    last_update: p.datetime(6),
    ...bronzeMetadata,
  },
});
