import type { Sql } from 'kysely';
import type { DialectFunctions, Fragment, QueryDialect, QueryValue } from '../query-dialect.ts';
import { columnType } from './column-types.ts';
import { quoteLiteral } from './quote.ts';

export const queryDialect: QueryDialect = {
  compiler: ({ PostgresQueryCompiler }) => PostgresQueryCompiler,
  text: quoteLiteral,
  keepsAsText: (type) => type.kind === 'numeric' && columnType(type) === 'text',
  functions,
};

function functions(sql: Sql): DialectFunctions {
  /** Without a zone, so that no session's time zone has a say. */
  const inUtc = ({ sql: value, type }: QueryValue): Fragment =>
    type?.kind === 'date' || type?.kind === 'timestamp'
      ? sql`${value}::timestamp`
      : sql`(${value}::timestamptz at time zone 'UTC')`;
  return {
    month: (value) => sql`date_trunc('month', ${inUtc(value)})::date`,
    date: (value) => sql`${inUtc(value)}::date`,
    part: (part, value) => sql`extract(${sql.raw(part === 'weekday' ? 'isodow' : part)} from ${inUtc(value)})::integer`,
    addDays: ({ sql: date }, days) => sql`(${date}::date + (${days})::integer)`,
    secondsBetween: (from, to) => sql`trunc(extract(epoch from ${inUtc(to)} - ${inUtc(from)}))::bigint`,
    concat: (texts) =>
      sql`(${sql.join(
        texts.map((text) => sql`${text}::text`),
        sql` || `,
      )})`,
    approximately: ({ sql: value }) => sql`(${value})::double precision`,
    sum: ({ sql: value }, scale) => sql`round(coalesce(sum(${value}), 0), ${sql.lit(scale)})`,
  };
}
