import type { DefaultQueryCompiler, RawBuilder, Sql } from 'kysely';
import type * as KyselyModule from 'kysely';
import type { ColumnType } from '../model/column-type.ts';
import type { TableName } from './table-structure.ts';

/** The query builder, which is loaded only for datakits that have queries. */
export type Kysely = typeof KyselyModule;

/** A piece of a query. */
export type Fragment = RawBuilder<unknown>;

/** What an engine knows of a value in a query; nothing of one that is no column. */
export interface QueryValue {
  readonly sql: Fragment;
  readonly type: ColumnType | undefined;
}

export type DatePart = 'year' | 'quarter' | 'month' | 'day' | 'hour' | 'weekday';

/**
 * How an engine writes queries. Instants are in UTC, decimals exact, null gives null; `QueryFunctions` tells what each
 * function means.
 */
export interface QueryDialect {
  /** The compiler of Kysely's for this SQL. */
  compiler(kysely: Kysely): new () => DefaultQueryCompiler;
  /** A text as a literal. */
  text(value: string): string;
  /** Decimals of that type are kept as text, so that the engine itself would compare and add them wrongly. */
  keepsAsText(type: ColumnType): boolean;
  functions(sql: Sql): DialectFunctions;
  /** Another UUID of version 7 in each row. */
  readonly newUuid: string;
  /** A JSON object as text, all of its values texts for people. */
  jsonOfTexts(columns: readonly NamedValue[]): string;
  /** A table that keeps the rows of a query within a transaction. Nothing else sees it, and its columns take anything. */
  heldRows(name: string, query: string): HeldRows;
}

/** An expression under a name. */
export interface NamedValue {
  readonly name: string;
  readonly sql: string;
  readonly type: ColumnType;
}

/** Where rows of a query are kept. */
export interface HeldRows {
  readonly table: TableName;
  readonly create: string;
  /** Has to be run before the transaction ends. */
  readonly drop: string;
}

/** The functions that are written differently. */
export interface DialectFunctions {
  month(value: QueryValue): Fragment;
  date(value: QueryValue): Fragment;
  part(part: DatePart, value: QueryValue): Fragment;
  addDays(date: QueryValue, days: Fragment): Fragment;
  secondsBetween(from: QueryValue, to: QueryValue): Fragment;
  concat(texts: readonly Fragment[]): Fragment;
  approximately(value: QueryValue): Fragment;
  /** @param scale digits after the point of every value and of the sum */
  sum(value: QueryValue, scale: number): Fragment;
}
