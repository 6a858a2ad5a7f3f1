import { defineEntity, p } from '@mikro-orm/core';
import { bronzeMetadata } from '@datakit/framework';

export const Film = defineEntity({
  name: 'Film',
  tableName: 'film',
  properties: {
    film_id: p.integer().primary(),
    title: p.text().index(),
    description: p.text().nullable(),
    // The domain `year` of the source, as its base type.
    release_year: p.integer().nullable(),
    language_id: p.integer().index(),
    original_language_id: p.integer().nullable().index(),
    rental_duration: p.smallint(),
    rental_rate: p.decimal().precision(4).scale(2),
    length: p.smallint().nullable(),
    replacement_cost: p.decimal().precision(5).scale(2),
    // The enum `mpaa_rating` of the source, as its base type.
    rating: p.text().nullable(),
    last_update: p.datetime(6),
    special_features: p.array().nullable(),
    fulltext: p.text().columnType('tsvector'),
    ...bronzeMetadata,
  },
  indexes: [{ properties: ['fulltext'], type: 'gist' }],
});
