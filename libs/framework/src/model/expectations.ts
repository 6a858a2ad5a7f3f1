import { DatakitError } from '../errors/datakit-error.ts';
import type { AnyEntity, ColumnOf } from './entity.ts';
import type { QueryRow } from './query-row.ts';
import type { AnyRowConditions, RowConditions } from './row-condition.ts';
import type { AcceptedValue, Expectation, ExpectationOptions, RangeEnds, RowCounts } from './expectation.ts';

function common({ severity = 'error', where }: ExpectationOptions) {
  return { severity, where };
}

/** The columns are never null. Every other expectation takes a null for a value that it says nothing about. */
export function notNull<const Column extends string>(
  columns: Column | readonly Column[],
  options: ExpectationOptions = {},
): Expectation<Column> {
  return { kind: 'notNull', columns: asList(columns), ...common(options) };
}

/**
 * No two rows have the same values in these columns. As in SQL, rows with a null in one of them are not compared.
 *
 * @example
 * ```ts
 * unique('film_id'); unique(['order_id', 'position'], { where: 'cancelled_at is null' });
 * ```
 */
export function unique<const Column extends string>(
  columns: Column | readonly Column[],
  options: ExpectationOptions = {},
): Expectation<Column> {
  return { kind: 'unique', columns: asList(columns), ...common(options) };
}

/** The column holds nothing but these values. Texts are compared letter for letter, numbers by their value. */
export function acceptedValues<const Column extends string>(
  column: Column,
  values: readonly AcceptedValue[],
  options: ExpectationOptions = {},
): Expectation<Column> {
  return { kind: 'acceptedValues', columns: [column], values, ...common(options) };
}

/** How a relationship differs from the usual one. */
export interface RelationshipOptions<ParentColumn extends string = string> extends ExpectationOptions {
  /** The parent's columns, in the order of the child's; its primary key when left out. */
  readonly to?: ParentColumn | readonly ParentColumn[];
  /** Schema of the parent, where several datakits have it, or one that is not imported here: `bronze_pagila`. */
  readonly schema?: string;
}

/**
 * Every value has its row in another table. Rows with a null in one of the columns have no parent to find.
 *
 * @example
 * ```ts
 * relationship('customer_id', Customer);
 * relationship(['order_id', 'line'], OrderLine, { to: ['id', 'position'], severity: 'warn' });
 * ```
 */
export function relationship<const Column extends string, Parent extends AnyEntity>(
  columns: Column | readonly Column[],
  parent: Parent,
  { to, schema, ...options }: RelationshipOptions<ColumnOf<Parent>> = {},
): Expectation<Column> {
  const parentColumns = to === undefined ? undefined : asList<string>(to);
  return { kind: 'relationship', columns: asList(columns), parent, parentColumns, schema, ...common(options) };
}

/**
 * Numbers, dates or times lie between two ends. NaN lies in no range, infinity in those that are open on its side.
 *
 * @example
 * ```ts
 * range('amount', { above: 0, max: '99999999999999999999.99' });
 * range('rental_date', { min: '2005-01-01', below: '2030-01-01T00:00:00Z' });
 * ```
 */
export function range<const Column extends string>(
  column: Column,
  { min, max, above, below, ...options }: RangeEnds & ExpectationOptions,
): Expectation<Column> {
  const ends = Object.fromEntries(
    Object.entries({ min, max, above, below }).filter(([, bound]) => bound !== undefined),
  ) as RangeEnds;
  return { kind: 'range', columns: [column], ends, ...common(options) };
}

/**
 * Texts match a regular expression, somewhere in them; `^` and `$` are the ends of the whole text, `.` is any
 * character but a newline. What means the same on every engine can be used: see `docs/expectations.md`.
 *
 * @example
 * ```ts
 * matches('email', /^[^@\s]+@[^@\s]+$/);
 * ```
 * @throws DATAKIT_INVALID for a pattern with flags
 */
export function matches<const Column extends string>(
  column: Column,
  pattern: string | RegExp,
  options: ExpectationOptions = {},
): Expectation<Column> {
  if (typeof pattern !== 'string' && pattern.flags.replace('u', '') !== '') {
    throw new DatakitError({
      code: 'DATAKIT_INVALID',
      message: `The pattern ${pattern} for "${column}" has the flags "${pattern.flags}", which not every engine has.`,
      hint: 'Write what they mean into the pattern: [Aa] for both cases.',
    });
  }
  const text = typeof pattern === 'string' ? pattern : pattern.source;
  return { kind: 'matches', columns: [column], pattern: text, ...common(options) };
}

/** So many rows are there. */
export function rowCount({ min, max, equals, ...options }: RowCounts & ExpectationOptions): Expectation<never> {
  const counts = Object.fromEntries(
    Object.entries({ min, max, equals }).filter(([, count]) => count !== undefined),
  ) as RowCounts;
  return { kind: 'rowCount', columns: [], counts, ...common(options) };
}

/**
 * Some row is at most so old by the clock of the target's server. Rows further in the future than `maxAge` do not
 * count, so that a placeholder like 9999-12-31 does not hide that nothing new has come.
 *
 * @param options `maxAge`: a number and minutes, hours, days or weeks: `'90 minutes'`, `'2 hours'`
 */
export function freshness<const Column extends string>(
  column: Column,
  { maxAge, ...options }: { readonly maxAge: string } & ExpectationOptions,
): Expectation<Column> {
  return { kind: 'freshness', columns: [column], maxAge, ...common(options) };
}

/**
 * A statement returns no row. `${table}` in it is the table, `${table:customer}` another one of the datakit.
 *
 * @example
 * ```ts
 * sql('select rental_id from ${table} where return_date < rental_date', { name: 'rentals end after they begin' });
 * ```
 */
export function sql(
  statement: string,
  { name, ...options }: { readonly name?: string } & Omit<ExpectationOptions, 'where'> = {},
): Expectation<never> {
  return { kind: 'sql', columns: [], statement, name, ...common(options) };
}

/** How a table is reconciled with what it is built from. */
export interface ReconcileOptions<Input extends AnyEntity> extends Omit<ExpectationOptions, 'where'> {
  /** Rows of the input that are meant to be missing, by why: `{ voided: (row) => row('status', '=', 'void') }`. */
  readonly leavesOut?: RowConditions<Readonly<Record<never, object>>, QueryRow<Input>>;
}

/**
 * No row gets lost, and none is doubled, on the way from one layer to the next: as many rows are in the table, left out for
 * a reason that is named here, and in quarantine, as the input has. For a table that has one row for each of the input's.
 *
 * @example
 * ```ts
 * reconciles(Bronze.Payment, { leavesOut: { 'of a test': (row) => row('customer_id', '=', 0) } });
 * ```
 */
export function reconciles<Input extends AnyEntity>(
  input: Input,
  { leavesOut = {}, severity = 'error' }: ReconcileOptions<Input> = {},
): Expectation<never> {
  return {
    kind: 'reconciles',
    columns: [],
    input,
    leavesOut: leavesOut as AnyRowConditions,
    severity,
    where: undefined,
  };
}

/**
 * Freshness from the source to here: everything that the table is built from, through all layers, was read from its source
 * at most so long ago, and every table on the way was built after what it reads. Looked at by `validate`.
 *
 * @param options `maxAge`: a number and minutes, hours, days or weeks: `'26 hours'`
 */
export function upToDate({
  maxAge,
  severity = 'error',
}: { readonly maxAge: string } & Omit<ExpectationOptions, 'where'>): Expectation<never> {
  return { kind: 'upToDate', columns: [], maxAge, severity, where: undefined };
}

function asList<Item extends string>(items: Item | readonly Item[]): readonly Item[] {
  return typeof items === 'string' ? [items] : items;
}
