import { defineEntity, p } from '@mikro-orm/core';
import { bronzeMetadata } from '@datakit/framework';

export const Category = defineEntity({
  name: 'Category',
  tableName: 'category',
  properties: {
    category_id: p.integer().primary(),
    name: p.text(),
    last_update: p.datetime(6),
    ...bronzeMetadata,
  },
});
