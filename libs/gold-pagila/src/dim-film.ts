import { defineEntity, p } from '@mikro-orm/core';
import { range, rebuild, reconciles, table } from '@datakit/framework';
import * as Silver from '@datakit/silver-pagila';

export const DimFilm = defineEntity({
  name: 'DimFilm',
  tableName: 'dim_film',
  properties: {
    film_id: p.integer().primary(),
    title: p.text(),
    category: p.text().nullable(),
    language: p.text(),
    rating: p.text().nullable(),
    release_year: p.integer().nullable(),
    length_minutes: p.smallint().nullable(),
    rental_rate: p.decimal().precision(4).scale(2),
  },
});

export const dimFilm = table(DimFilm, {
  expect: [reconciles(Silver.Film), range('length_minutes', { min: 1, severity: 'warn' })],
  build: rebuild({ film: Silver.Film }, (from) =>
    from
      .selectFrom('film')
      .select([
        'film.film_id',
        'film.title',
        'film.category',
        'film.language',
        'film.rating',
        'film.release_year',
        'film.length_minutes',
        'film.rental_rate',
      ]),
  ),
});
