import type { RawBuilder } from 'kysely';
import { DatakitError } from '../errors/datakit-error.ts';
import { readPattern } from '../model/portable-pattern.ts';
import type { Operand, QueryFunctions } from '../model/query-functions.ts';
import type { QueryTables } from '../model/row-condition.ts';
import type { ColumnType } from '../model/column-type.ts';
import type { Engine } from './engine.ts';
import type { InputTablesByName } from './input-table.ts';
import type { QueryValue } from './query-dialect.ts';
import { loadKysely } from './query-module.ts';

/**
 * The functions that a query gets, for one engine.
 *
 * @param since the greatest value of an incremental build, as a literal of the engine; nothing where all rows are new
 */
export function queryFunctions(engine: Engine, inputs: InputTablesByName, since: string | undefined): QueryFunctions {
  const { sql } = loadKysely();
  const dialect = engine.queryDialect.functions(sql);
  const typed = (value: unknown): RawBuilder<never> => value as RawBuilder<never>;
  const valueOf = (operand: Operand<QueryTables>): QueryValue => {
    if (typeof operand !== 'string') return { sql: sql`(${operand})`, type: undefined };
    const { input, column } = splitReference(operand);
    const type = inputs.get(input)?.columns.get(column);
    if (!type) throw unknownColumn(operand);
    return { sql: sql.ref(operand) as RawBuilder<unknown>, type };
  };
  const columnOf = (reference: string): { quoted: string; type: ColumnType } => {
    const { input, column } = splitReference(reference);
    const type = inputs.get(input)?.columns.get(column);
    if (!type) throw unknownColumn(reference);
    return { quoted: `${engine.quote(input)}.${engine.quote(column)}`, type };
  };
  return {
    sql,
    month: (value) => typed(dialect.month(valueOf(value))),
    date: (value) => typed(dialect.date(valueOf(value))),
    part: (part, value) => typed(dialect.part(part, valueOf(value))),
    addDays: (date, days) =>
      typed(dialect.addDays(valueOf(date), typeof days === 'number' ? sql.lit(wholeNumber(days)) : sql`${days}`)),
    secondsBetween: (from, to) => typed(dialect.secondsBetween(valueOf(from), valueOf(to))),
    concat: (...texts) =>
      typed(dialect.concat(texts.map((text) => (Array.isArray(text) ? sql.lit(text[0]) : valueOf(text as never).sql)))),
    sum: (value, given) => {
      const operand = valueOf(value);
      return typed(dialect.sum(operand, scaleOf(value, operand, given?.scale, engine)));
    },
    approximately: (value) => typed(dialect.approximately(valueOf(value))),
    compare: (column, comparison, constant) => {
      const { quoted, type } = columnOf(column);
      return sql.raw(engine.valueConditions.compare(quoted, type, comparison, String(constant)));
    },
    matches: (column, pattern) => {
      const { quoted, type } = columnOf(column);
      const read = readPattern(typeof pattern === 'string' ? pattern : pattern.source);
      const flags = typeof pattern === 'string' ? '' : pattern.flags.replace('u', '');
      if ('problem' in read || flags !== '') throw unportable(column, 'problem' in read ? read.problem : 'has flags');
      return sql.raw(`(${engine.valueConditions.matches(quoted, type, read)})`);
    },
    isNew: (value) => (since === undefined ? sql`(1 = 1)` : sql`(${valueOf(value).sql} >= ${sql.raw(since)})`),
  };
}

function splitReference(reference: string): { input: string; column: string } {
  const point = reference.indexOf('.');
  return { input: reference.slice(0, point), column: reference.slice(point + 1) };
}

function scaleOf(shown: unknown, { type }: QueryValue, given: number | undefined, engine: Engine): number {
  const scale = given ?? (type?.kind === 'numeric' && type.precision !== undefined ? (type.scale ?? 0) : undefined);
  const isExact = type === undefined || type.kind !== 'numeric' || type.precision !== undefined;
  if (scale !== undefined && (isExact || !engine.queryDialect.keepsAsText(type))) return scale;
  throw new DatakitError({
    code: 'DATAKIT_INVALID',
    message: `sum(${typeof shown === 'string' ? shown : 'expression'}) does not know how many digits there are after the point.`,
    hint: 'Declare the column with precision and scale, or say it: sum(expression, { scale: 2 }).',
  });
}

function wholeNumber(days: number): number {
  if (Number.isSafeInteger(days)) return days;
  throw new DatakitError({
    code: 'DATAKIT_INVALID',
    message: `addDays() got ${days} days.`,
    hint: 'Give a whole number.',
  });
}

function unknownColumn(reference: string): DatakitError {
  return new DatakitError({
    code: 'DATAKIT_INVALID',
    message: `A query names "${reference}", which is no column of its inputs.`,
    hint: 'Write input.column, or give an expression: eb.ref("alias.column").',
  });
}

function unportable(column: string, problem: string): DatakitError {
  return new DatakitError({
    code: 'DATAKIT_INVALID',
    message: `matches(${column}) has a pattern that ${problem}.`,
    hint: 'docs/expectations.md lists what every engine understands; sql takes the rest.',
  });
}
