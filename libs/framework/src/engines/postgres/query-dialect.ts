import type { Sql } from 'kysely';
import type { DialectFunctions, Fragment, QueryDialect, QueryValue } from '../query-dialect.ts';
import { columnType } from './column-types.ts';
import { quote, quoteLiteral } from './quote.ts';

export const queryDialect: QueryDialect = {
  compiler: ({ PostgresQueryCompiler }) => PostgresQueryCompiler,
  text: quoteLiteral,
  keepsAsText: (type) => type.kind === 'numeric' && columnType(type) === 'text',
  functions,
  // uuidv7() is of PostgreSQL 18. The time goes over the first 48 bits of a random one, and its version from 4 to 7.
  newUuid: `encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid`,
  // Not json_build_object(), which takes no more than 50 columns.
  jsonOfTexts: (columns) =>
    `json_object(array[${columns.map(({ name }) => quoteLiteral(name)).join(', ')}]::text[], array[${columns
      .map(({ sql }) => `(${sql})::text`)
      .join(', ')}]::text[])::text`,
  heldRows: (name, query) => ({
    table: { schema: 'pg_temp', name },
    create: `create temporary table ${quote(name)} on commit drop as ${query}`,
    drop: `drop table pg_temp.${quote(name)}`,
  }),
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
