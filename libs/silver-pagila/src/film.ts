import { defineEntity, p } from '@mikro-orm/core';
import * as Bronze from '@datakit/bronze-pagila';
import { range, rebuild, reconciles, table } from '@datakit/framework';

/** A film with its language, and the first of its categories; `film_category` has all of them. */
export const Film = defineEntity({
  name: 'Film',
  tableName: 'film',
  properties: {
    film_id: p.integer().primary(),
    title: p.text(),
    description: p.text().nullable(),
    release_year: p.integer().nullable(),
    language: p.text(),
    original_language: p.text().nullable(),
    category: p.text().nullable(),
    rating: p.text().nullable(),
    length_minutes: p.smallint().nullable(),
    rental_days: p.smallint(),
    rental_rate: p.decimal().precision(4).scale(2),
    replacement_cost: p.decimal().precision(5).scale(2),
  },
});

export const films = table(Film, {
  expect: [reconciles(Bronze.Film), range('rental_rate', { min: 0 }), range('replacement_cost', { min: 0 })],
  build: rebuild(
    {
      film: Bronze.Film,
      language: Bronze.Language,
      film_category: Bronze.FilmCategory,
      category: Bronze.Category,
    },
    (from) =>
      from
        .selectFrom('film')
        .innerJoin('language', 'language.language_id', 'film.language_id')
        .leftJoin('language as original', 'original.language_id', 'film.original_language_id')
        .leftJoin(
          (eb) =>
            eb
              .selectFrom('film_category')
              .groupBy('film_category.film_id')
              .select((each) => ['film_category.film_id', each.fn.min('film_category.category_id').as('category_id')])
              .as('first'),
          (join) => join.onRef('first.film_id', '=', 'film.film_id'),
        )
        .leftJoin('category', 'category.category_id', 'first.category_id')
        .select((eb) => [
          'film.film_id',
          'film.title',
          'film.description',
          'film.release_year',
          // The source pads the names of languages with blanks.
          eb.fn<string>('trim', ['language.name']).as('language'),
          eb.fn<string | null>('trim', ['original.name']).as('original_language'),
          'category.name as category',
          'film.rating',
          'film.length as length_minutes',
          'film.rental_duration as rental_days',
          'film.rental_rate',
          'film.replacement_cost',
        ]),
  ),
});
