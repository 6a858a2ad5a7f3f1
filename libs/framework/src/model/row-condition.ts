import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { QueryFunctions } from './query-functions.ts';

/** Columns by table, as typed SQL knows them. */
export type QueryTables = Readonly<Record<string, object>>;

/** What a condition calls the row that it judges. */
export const judgedRow = 'row';

/**
 * A condition on one row. Its columns are named bare or as `row.email`; subqueries may look into the inputs.
 * Null is not true.
 */
export type RowCondition<Tables extends QueryTables = QueryTables, Row = unknown> = (
  row: ExpressionBuilder<Tables & { row: Row }, 'row'>,
  functions: QueryFunctions<Tables & { row: Row }>,
) => Expression<SqlBool | null>;

/** Conditions by their names, which say for people what is the matter with a row: `no e-mail address`. */
export type RowConditions<Tables extends QueryTables = QueryTables, Row = unknown> = Readonly<
  Record<string, RowCondition<Tables, Row>>
>;

/** As a build keeps them. */
export type AnyRowConditions = Readonly<Record<string, (row: never, functions: never) => Expression<unknown>>>;
