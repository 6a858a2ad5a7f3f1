import { defineEntity, p } from '@mikro-orm/core';
import { bronzeMetadata } from '@datakit/framework';

export const FilmCategory = defineEntity({
  name: 'FilmCategory',
  tableName: 'film_category',
  properties: {
    film_id: p.integer().primary(),
    category_id: p.integer().primary(),
    last_update: p.datetime(6),
    ...bronzeMetadata,
  },
});
