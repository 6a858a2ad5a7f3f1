import type { Expression, Kysely } from 'kysely';
import type { AnyEntity } from './entity.ts';
import type { QueryFunctions } from './query-functions.ts';
import type { ViewBuild } from './view.ts';
import type { NeededRow, QueryRow } from './query-row.ts';
import type { AnyRowConditions, RowConditions } from './row-condition.ts';

/** The tables that a query reads, by the names that it knows them by. */
export type QueryInputs = Readonly<Record<string, AnyEntity>>;

/** The inputs as tables of typed SQL. */
export type InputTables<Inputs extends QueryInputs> = { [Name in keyof Inputs]: QueryRow<Inputs[Name]> };

/** Where a query begins: only what reads. */
export type QueryStart<Inputs extends QueryInputs> = Pick<
  Kysely<InputTables<Inputs>>,
  'selectFrom' | 'selectNoFrom' | 'with' | 'withRecursive' | 'fn' | 'case'
>;

/** A query over the inputs. */
export type InputQuery<Inputs extends QueryInputs, Row> = (
  from: QueryStart<Inputs>,
  functions: QueryFunctions<InputTables<Inputs>>,
) => Expression<Row>;

/** How a build that does not read everything again knows what is new, and what becomes of the rows that are there. */
export type IncrementalWay<Name extends string = string> = MergeWay<Name> | RangeWay<Name>;

/** Rows of the same primary key are replaced, all others stay. */
export interface MergeWay<Name extends string = string> {
  /**
   * A column of the table that only grows: `isNew(…)` in the query is true for what lies at or after its greatest value.
   * Without one the query decides by itself what it gives.
   */
  readonly newBy?: Name;
  /** So much before the greatest value is read again: `5 minutes`, `3 days`. */
  readonly lag?: string;
  readonly range?: never;
}

/** Rows at or after the greatest value, less the lag, are replaced by those that the query gives there; older ones stay. */
export interface RangeWay<Name extends string = string> {
  /** A column of the table: a date, an instant or a number that only grows. */
  readonly range: Name;
  readonly lag?: string;
  readonly newBy?: never;
}

/** What a build says of the rows of its query. */
export interface BuildRules<Inputs extends QueryInputs, Row> {
  /**
   * Rows for which one of the conditions is true are kept in `_datakit.quarantine`, with the name of the first that is,
   * and not in the table. The others load.
   */
  readonly quarantine?: RowConditions<InputTables<Inputs>, Row>;
  /**
   * For a table whose key is a UUID that the query does not give: the columns by which a row is known again. It keeps its
   * UUID then; new rows get one of version 7.
   */
  readonly by?: readonly Extract<keyof Row, string>[];
}

interface QueryBuild<Row> {
  readonly inputs: QueryInputs;
  readonly query: InputQuery<QueryInputs, unknown>;
  readonly quarantine?: AnyRowConditions;
  readonly by?: readonly string[];
  /** For the type checker only: the columns of the query must be those of the table. */
  readonly '~row'?: Row;
  readonly '~columns'?: keyof Row;
}

/** All rows of a table are those of a query, each time it is built. */
export interface RebuildBuild<Row = unknown> extends QueryBuild<Row> {
  readonly kind: 'rebuild';
}

/** The rows of a query are merged into a table. */
export interface IncrementalBuild<Row = unknown, Name extends string = string> extends QueryBuild<Row> {
  readonly kind: 'incremental';
  /** For the type checker only: the column that grows is one of the table. */
  readonly '~grown'?: Name;
  readonly way: IncrementalWay;
}

/** A view of a typed query. */
export interface QueryViewBuild<Row = unknown> extends QueryBuild<Row> {
  readonly kind: 'view';
}

/** How a table of silver or gold comes about, by a query whose columns are those of an entity. */
export type BuildOf<Entity extends AnyEntity> = (
  | Omit<RebuildBuild, '~row' | '~columns'>
  | Omit<IncrementalBuild, '~row' | '~columns' | '~grown'>
  | Omit<QueryViewBuild, '~row' | '~columns'>
) & {
  readonly '~row'?: NeededRow<Entity>;
  readonly '~columns'?: keyof QueryRow<Entity>;
  readonly '~grown'?: keyof QueryRow<Entity>;
};

/** A build that fills a table. */
export type TableBuild = RebuildBuild | IncrementalBuild;

/** Everything that can be said about how a table comes about. */
export type AnyBuild = TableBuild | QueryViewBuild | ViewBuild;

/** Tells a build that makes a view from one that fills a table. */
export function isView(build: AnyBuild | undefined): build is QueryViewBuild | ViewBuild {
  return build?.kind === 'view';
}

/** The build that fills a table, where it has one. */
export function tableBuild(build: AnyBuild | undefined): TableBuild | undefined {
  return build && !isView(build) ? build : undefined;
}

/**
 * Builds a table anew from a query over other tables; it runs inside the target. Rows that are as they were are not
 * touched.
 *
 * @param inputs entities of the layer below, or of this datakit, by the names that the query uses
 * @param query typed SQL: a column that is unknown, missing, or of another type does not compile
 * @param rules which rows are set aside, each with its reason
 * @example
 * ```ts
 * table(Customer, {
 *   build: rebuild({ c: Bronze.Customer }, (from) => from.selectFrom('c').select(['c.customer_id', 'c.email']), {
 *     quarantine: { 'no e-mail address': (row) => row('email', 'is', null) },
 *   }),
 * });
 * ```
 */
export function rebuild<const Inputs extends QueryInputs, Row>(
  inputs: Inputs,
  query: InputQuery<Inputs, Row>,
  rules: BuildRules<Inputs, Row> = {},
): RebuildBuild<Row> {
  return { kind: 'rebuild', inputs, query: query as unknown as InputQuery<QueryInputs, unknown>, ...kept(rules) };
}

/**
 * Adds the rows of a query to a table instead of building it anew: by key, or for the last part of a range.
 *
 * @example
 * ```ts
 * incremental({ r: Bronze.Rental }, { newBy: 'last_update', lag: '1 day' }, (from, { isNew }) =>
 *   from.selectFrom('r').where(isNew('r.last_update')).select(['r.rental_id', 'r.last_update']));
 * ```
 */
export function incremental<const Inputs extends QueryInputs, const Name extends string, Row>(
  inputs: Inputs,
  way: IncrementalWay<Name>,
  query: InputQuery<Inputs, Row>,
  rules: BuildRules<Inputs, Row> = {},
): IncrementalBuild<Row, Name> {
  const built = { inputs, way, query: query as unknown as InputQuery<QueryInputs, unknown> };
  return { kind: 'incremental', ...built, ...kept(rules) };
}

function kept<Inputs extends QueryInputs, Row>({ quarantine, by }: BuildRules<Inputs, Row>) {
  return {
    ...(quarantine && Object.keys(quarantine).length > 0 ? { quarantine: quarantine as AnyRowConditions } : {}),
    ...(by && by.length > 0 ? { by: by as readonly string[] } : {}),
  };
}

/**
 * Keeps the result of a query until the next build, as materialized views do: another word for {@link rebuild}. It is a
 * table on every engine, because those views of PostgreSQL lock their readers out while they are made anew, and are seen
 * before anybody could audit them; other engines have none.
 */
export const materializedView: typeof rebuild = rebuild;

/** Makes a view of a query; see {@link rebuild} for what it may be. */
export function view<const Inputs extends QueryInputs, Row>(
  inputs: Inputs,
  query: InputQuery<Inputs, Row>,
): QueryViewBuild<Row> {
  return { kind: 'view', inputs, query: query as unknown as InputQuery<QueryInputs, unknown> };
}
