import type { Expression, RawBuilder, Sql, SqlBool } from 'kysely';
import type { InputTables, QueryInputs } from './build.ts';

/** `c.email`: a column of an input, by the name that the query knows the input by. */
export type InputColumn<Inputs extends QueryInputs> = {
  [Name in keyof Inputs & string]: `${Name}.${Extract<keyof InputTables<Inputs>[Name], string>}`;
}[keyof Inputs & string];

/** A column of an input, or any expression. */
export type Operand<Inputs extends QueryInputs> = InputColumn<Inputs> | Expression<unknown>;

type NullOf<Inputs extends QueryInputs, Given> = Given extends `${infer Name}.${infer Column}`
  ? Name extends keyof Inputs
    ? Column extends keyof InputTables<Inputs>[Name]
      ? Extract<InputTables<Inputs>[Name][Column], null>
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
export interface QueryFunctions<Inputs extends QueryInputs = QueryInputs> {
  /** Raw SQL: sql<string>`upper(${eb.ref('c.name')})`. */
  readonly sql: Sql;
  /** First day of the month, as a date. */
  month<Given extends Operand<Inputs>>(value: Given): RawBuilder<string | NullOf<Inputs, Given>>;
  /** The day in UTC, as a date. */
  date<Given extends Operand<Inputs>>(value: Given): RawBuilder<string | NullOf<Inputs, Given>>;
  /** One number of a date or instant in UTC. The days of the week are 1 (Monday) to 7. */
  part<Given extends Operand<Inputs>>(
    part: 'year' | 'quarter' | 'month' | 'day' | 'hour' | 'weekday',
    value: Given,
  ): RawBuilder<number | NullOf<Inputs, Given>>;
  /** A date so many days later. */
  addDays<Given extends Operand<Inputs>>(
    date: Given,
    days: number | Expression<number>,
  ): RawBuilder<string | NullOf<Inputs, Given>>;
  /** Whole seconds from one instant to another, cut off towards zero. */
  secondsBetween<From extends Operand<Inputs>, To extends Operand<Inputs>>(
    from: From,
    to: To,
  ): RawBuilder<number | NullOf<Inputs, From> | NullOf<Inputs, To>>;
  /** Texts one after the other; null where one of them is. A constant is written in an array: `['-']`. */
  concat<const Given extends readonly (Operand<Inputs> | readonly [string])[]>(
    ...texts: Given
  ): RawBuilder<string | NullOf<Inputs, Given[number]>>;
  /**
   * Sum of decimals, exact to the last digit, as a decimal with as many digits after the point. 0 where there is nothing to add.
   * @param scale digits after the point, where the value is no column of an input
   */
  sum(value: Operand<Inputs>, scale?: DecimalScale): RawBuilder<string>;
  /** A number as a floating point one: for an order or a ratio, not for money. */
  approximately<Given extends Operand<Inputs>>(value: Given): RawBuilder<number | NullOf<Inputs, Given>>;
  /** Compares a column with a constant by its value, also where an engine keeps decimals as text. */
  compare(
    column: InputColumn<Inputs>,
    comparison: '<' | '<=' | '>' | '>=' | '=',
    constant: string | number | bigint,
  ): RawBuilder<SqlBool>;
  /** True for rows that an incremental build has not seen: at or after the table's newest value, less the lag. */
  isNew(value: Operand<Inputs>): RawBuilder<SqlBool>;
}
