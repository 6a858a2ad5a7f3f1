import { defineEntity, p } from '@mikro-orm/core';
import { bronzeMetadata } from '@datakit/framework';

export const Actor = defineEntity({
  name: 'Actor',
  tableName: 'actor',
  properties: {
    actor_id: p.integer().primary(),
    first_name: p.text(),
    last_name: p.text().index(),
    last_update: p.datetime(6),
    ...bronzeMetadata,
  },
});
