import { defineEntity, p } from '@mikro-orm/core';
import { bronzeMetadata } from '@datakit/framework';

export const FilmActor = defineEntity({
  name: 'FilmActor',
  tableName: 'film_actor',
  properties: {
    actor_id: p.integer().primary(),
    film_id: p.integer().primary().index(),
    last_update: p.datetime(6),
    ...bronzeMetadata,
  },
});
