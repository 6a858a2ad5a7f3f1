import { describe, expect, it } from '@jest/globals';
import { columnsRead, renamedInView } from './view-text.ts';

const rename = { from: 'movie', to: 'film', columns: new Map([['name', 'title']]) };

describe('the query of a view', () => {
  it.each([
    ['select `x`.`movie`.`name` AS `name` from `x`.`movie`', 'select `x`.`film`.`title` AS `name` from `x`.`film`'],
    [
      "select `m`.`name` AS `name`,`r`.`name` AS `b` from `x`.`movie` `m` join `x`.`rental` `r` where `m`.`name` <> '`x`.`movie`'",
      "select `m`.`title` AS `name`,`r`.`name` AS `b` from `x`.`film` `m` join `x`.`rental` `r` where `m`.`title` <> '`x`.`movie`'",
    ],
    ['select `movie`.`name` AS `movie` from `x`.`rental` `movie`', undefined],
    ['select `y`.`movie`.`name` AS `name` from `y`.`movie`', undefined],
  ])('follows a rename in %s', (query, expected = query) => {
    expect(renamedInView(query, 'x', rename)).toBe(expected);
  });

  it('tells the columns of a table that it reads', () => {
    const query =
      "select `m`.`id` AS `a`,`r`.`day` AS `b` from (`x`.`movie` `m` join `x`.`rental` `r`) where `m`.`n` = 'm'";
    expect([...(columnsRead(query, 'x', 'movie') ?? [])]).toEqual(['id', 'n']);
    expect(columnsRead(query, 'x', 'other')).toBeUndefined();
    expect([...(columnsRead('select count(0) AS `c` from `x`.`movie`', 'x', 'movie') ?? ['none'])]).toEqual([]);
  });
});
