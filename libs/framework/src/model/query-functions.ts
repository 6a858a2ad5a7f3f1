import type { Expression, RawBuilder, Sql, SqlBool } from 'kysely';
import type { QueryTables } from './row-condition.ts';

/** `c.email`: a column of an input, by the name that the query knows the input by. */
export type InputColumn<Tables extends QueryTables> = {
  [Name in keyof Tables & string]: `${Name}.${Extract<keyof Tables[Name], string>}`;
}[keyof Tables & string];

/** A column of an input, or any expression. */
export type Operand<Tables extends QueryTables> = InputColumn<Tables> | Expression<unknown>;

type NullOf<Tables extends QueryTables, Given> = Given extends `${infer Name}.${infer Column}`
  ? Name extends keyof Tables
    ? Column extends keyof Tables[Name]
      ? Extract<Tables[Name][Column], null>
      : never
    : never
  : Given extends Expression<infer Value>
    ? Extract<Value, null>
    : never;

/** What is known of a decimal that is no column: digits after the point. */
export interface DecimalScale {
  readonly scale: number;
}

/**
 * What SQL writes differently on every engine, with one meaning: times are in UTC, decimals exact.
 * Each takes a column of an input or an expression; null gives null.
 */
export interface QueryFunctions<Tables extends QueryTables = QueryTables> {
  /** Raw SQL: sql<string>`upper(${eb.ref('c.name')})`. */
  readonly sql: Sql;
  /** First day of the month, as a date. */
  month<Given extends Operand<Tables>>(value: Given): RawBuilder<string | NullOf<Tables, Given>>;
  /** The day in UTC, as a date. */
  date<Given extends Operand<Tables>>(value: Given): RawBuilder<string | NullOf<Tables, Given>>;
  /** One number of a date or instant in UTC. The days of the week are 1 (Monday) to 7. */
  part<Given extends Operand<Tables>>(
    part: 'year' | 'quarter' | 'month' | 'day' | 'hour' | 'weekday',
    value: Given,
  ): RawBuilder<number | NullOf<Tables, Given>>;
  /** A date so many days later. */
  addDays<Given extends Operand<Tables>>(
    date: Given,
    days: number | Expression<number>,
  ): RawBuilder<string | NullOf<Tables, Given>>;
  /** Whole seconds from one instant to another, cut off towards zero. */
  secondsBetween<From extends Operand<Tables>, To extends Operand<Tables>>(
    from: From,
    to: To,
  ): RawBuilder<number | NullOf<Tables, From> | NullOf<Tables, To>>;
  /** Texts one after the other; null where one of them is. A constant is written in an array: `['-']`. */
  concat<const Given extends readonly (Operand<Tables> | readonly [string])[]>(
    ...texts: Given
  ): RawBuilder<string | NullOf<Tables, Given[number]>>;
  /**
   * Sum of decimals, exact to the last digit, as a decimal with as many digits after the point. 0 where there is nothing to add.
   * @param scale digits after the point, where the value is no column of an input
   */
  sum(value: Operand<Tables>, scale?: DecimalScale): RawBuilder<string>;
  /** A number as a floating point one: for an order or a ratio, not for money. */
  approximately<Given extends Operand<Tables>>(value: Given): RawBuilder<number | NullOf<Tables, Given>>;
  /** Compares a column with a constant by its value, also where an engine keeps decimals as text. */
  compare(
    column: InputColumn<Tables>,
    comparison: '<' | '<=' | '>' | '>=' | '=',
    constant: string | number | bigint,
  ): RawBuilder<SqlBool>;
  /** True where a text matches a regular expression, somewhere in it; see `matches` among the expectations. */
  matches(column: InputColumn<Tables>, pattern: string | RegExp): RawBuilder<SqlBool>;
  /** True for rows that an incremental build has not seen: at or after the table's newest value, less the lag. */
  isNew(value: Operand<Tables>): RawBuilder<SqlBool>;
}
