import type { AnyEntity } from './entity.ts';

/** A table that is a view: its rows are those of a query, whenever somebody looks. */
export interface ViewBuild {
  readonly kind: 'view';
  /** The tables and views that it reads, by the names that the query knows them by. */
  readonly inputs: Readonly<Record<string, AnyEntity>>;
  /** The query, given what each input is called on an engine. */
  readonly write: (names: Readonly<Record<string, string>>) => string;
}

/**
 * Builds a table as a view, by a query in SQL. Its inputs are entities of this datakit or of another one; what they are
 * called in the database, a schema or a prefix, is filled in.
 *
 * @example
 * ```ts
 * table(LongFilms, { build: sqlView({ film: Film }, ({ film }) => `select film_id, title from ${film} where length > 100`) })
 * ```
 */
export function sqlView<Inputs extends Readonly<Record<string, AnyEntity>>>(
  inputs: Inputs,
  write: (names: { readonly [Name in keyof Inputs]: string }) => string,
): ViewBuild {
  return { kind: 'view', inputs, write: write as ViewBuild['write'] };
}
