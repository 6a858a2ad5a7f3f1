import { defineEntity, p } from '@mikro-orm/core';
import * as Bronze from '@datakit/bronze-pagila';
import { rebuild, reconciles, relationship, table } from '@datakit/framework';
import { Film } from './film.ts';

/** Every category of every film. */
export const FilmCategory = defineEntity({
  name: 'FilmCategory',
  tableName: 'film_category',
  properties: {
    film_id: p.integer().primary(),
    category_id: p.integer().primary(),
    category: p.text(),
  },
});

export const filmCategories = table(FilmCategory, {
  expect: [reconciles(Bronze.FilmCategory), relationship('film_id', Film)],
  build: rebuild({ film_category: Bronze.FilmCategory, category: Bronze.Category }, (from) =>
    from
      .selectFrom('film_category')
      .innerJoin('category', 'category.category_id', 'film_category.category_id')
      .select(['film_category.film_id', 'film_category.category_id', 'category.name as category']),
  ),
});
