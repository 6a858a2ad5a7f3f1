import type { Sql } from 'kysely';
import type { ColumnType } from '../../model/column-type.ts';
import type { DatePart, DialectFunctions, QueryDialect } from '../query-dialect.ts';
import { columnType, decimalDigits } from './column-types.ts';
import type { Flavour } from './flavour.ts';
import { quote, quoteLiteral } from './quote.ts';

export function createQueryDialect(flavour: Flavour): QueryDialect {
  return {
    compiler: ({ MysqlQueryCompiler }) => MysqlQueryCompiler,
    text: quoteLiteral,
    keepsAsText: (type: ColumnType) => type.kind === 'numeric' && columnType(type, flavour) === 'longtext',
    functions,
    newUuid: uuidExpression(),
    jsonOfTexts: (columns) => {
      const pairs = columns.map(({ name, sql, type }) => {
        const text = type.kind === 'bytea' ? `hex(${sql})` : `cast(${sql} as char)`;
        return `${quoteLiteral(name)}, ${text}`;
      });
      return `json_object(${pairs.join(', ')})`;
    },
    // With a key, because some servers refuse every table without one.
    heldRows: (name, query) => ({
      table: { name },
      create: `create temporary table ${quote(name)} (datakit_row bigint not null auto_increment primary key) engine = InnoDB as ${query}`,
      drop: `drop temporary table ${quote(name)}`,
    }),
  };
}

/** Of what all versions have: random_bytes() came late to MariaDB. */
function uuidExpression(): string {
  const time = `lpad(hex(cast(floor(unix_timestamp(now(3)) * 1000) as unsigned)), 12, '0')`;
  const random = (digits: number): string => `left(md5(concat(uuid(), rand())), ${digits})`;
  return `lower(concat(left(${time}, 8), '-', right(${time}, 4), '-7', ${random(3)}, '-', substr('89ab', 1 + floor(rand() * 4), 1), ${random(3)}, '-', ${random(12)}))`;
}

const partFunctions: Readonly<Record<Exclude<DatePart, 'weekday'>, string>> = {
  year: 'year',
  quarter: 'quarter',
  month: 'month',
  day: 'dayofmonth',
  hour: 'hour',
};

/** Instants are kept in UTC, without a zone. */
function functions(sql: Sql): DialectFunctions {
  return {
    month: ({ sql: value }) => sql`cast(date_format(${value}, '%Y-%m-01') as date)`,
    date: ({ sql: value }) => sql`cast(${value} as date)`,
    part: (part, { sql: value }) =>
      part === 'weekday' ? sql`(weekday(${value}) + 1)` : sql`${sql.raw(partFunctions[part])}(${value})`,
    addDays: ({ sql: date }, days) => sql`date_add(cast(${date} as date), interval ${days} day)`,
    secondsBetween: ({ sql: from }, { sql: to }) => sql`timestampdiff(second, ${from}, ${to})`,
    concat: (texts) => sql`concat(${sql.join(texts)})`,
    approximately: ({ sql: value }) => sql`(${value} + 0e0)`,
    sum: ({ sql: value }, scale) =>
      sql`cast(coalesce(sum(${value}), 0) as decimal(${sql.lit(decimalDigits)}, ${sql.lit(scale)}))`,
  };
}
