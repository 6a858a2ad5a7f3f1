import type { Sql } from 'kysely';
import type { DatePart, DialectFunctions, Fragment, QueryDialect, QueryValue } from '../query-dialect.ts';
import { quote, quoteLiteral } from './quote.ts';

export const queryDialect: QueryDialect = {
  compiler: ({ SqliteQueryCompiler }) => SqliteQueryCompiler,
  text: quoteLiteral,
  keepsAsText: (type) => type.kind === 'numeric',
  functions,
  newUuid: uuidExpression(`cast(unixepoch('subsec') * 1000 as integer)`),
  // Not json_object(): a function takes 127 arguments.
  jsonOfTexts: (columns) => {
    const pairs = columns.map(({ name, sql, type }) => {
      const text = type.kind === 'bytea' ? `hex(${sql})` : `cast(${sql} as text)`;
      return `${quoteLiteral(`${JSON.stringify(name)}:`)} || json_quote(${text})`;
    });
    return `'{' || ${pairs.join(` || ',' || `)} || '}'`;
  },
  // Temporary tables are kept in memory, which must not grow with the rows.
  heldRows: (name, query) => ({
    table: { name },
    create: `create table ${quote(name)} as ${query}`,
    drop: `drop table ${quote(name)}`,
  }),
};

function uuidExpression(milliseconds: string): string {
  const random = (from: number, bytes: number): string => `substr(hex(randomblob(${bytes})), ${from})`;
  const time = `printf('%08x-%04x-7', ${milliseconds} >> 16, ${milliseconds} & 65535)`;
  return `lower(${time} || ${random(2, 2)} || '-' || substr('89ab', 1 + (random() & 3), 1) || ${random(2, 2)} || '-' || ${random(1, 6)})`;
}

/** Where a part is in `2005-05-24T22:53:30.000000Z`. */
const places: Readonly<Record<Exclude<DatePart, 'quarter' | 'weekday'>, string>> = {
  year: '1, 4',
  month: '6, 2',
  day: '9, 2',
  hour: '12, 2',
};

/** Digits that 64 bits hold whatever they are. */
const safeDigits = 18;

/** Dates, instants and decimals are texts. The date functions round an instant to milliseconds, so texts are cut. */
function functions(sql: Sql): DialectFunctions {
  /** Null for `infinity` and for years before Christ, which have no such form. */
  const onlyPlain = ({ sql: value }: QueryValue, result: Fragment): Fragment =>
    sql`(case when ${value} glob '[0-9][0-9][0-9][0-9]-*' and ${value} not like '% BC' then ${result} end)`;
  const part = (name: DatePart, value: QueryValue): Fragment => {
    if (name === 'quarter') return sql`((${part('month', value)} + 2) / 3)`;
    if (name === 'weekday') {
      // %w begins with Sunday, as 0.
      return onlyPlain(value, sql`(cast(strftime('%w', substr(${value.sql}, 1, 10)) as integer) + 6) % 7 + 1`);
    }
    return onlyPlain(value, sql`cast(substr(${value.sql}, ${sql.raw(places[name])}) as integer)`);
  };
  const microseconds = (value: QueryValue): Fragment =>
    sql`(unixepoch(substr(${value.sql}, 1, 19)) * 1000000 + cast(substr(rtrim(${value.sql}, 'Z') || '000000', 21, 6) as integer))`;
  return {
    month: (value) => onlyPlain(value, sql`substr(${value.sql}, 1, 7) || '-01'`),
    date: (value) => onlyPlain(value, sql`substr(${value.sql}, 1, 10)`),
    part,
    addDays: ({ sql: date }, days) => sql`date(${date}, (${days}) || ' days')`,
    secondsBetween: (from, to) => sql`((${microseconds(to)} - ${microseconds(from)}) / 1000000)`,
    concat: (texts) =>
      sql`(${sql.join(
        texts.map((text) => sql`cast(${text} as text)`),
        sql` || `,
      )})`,
    approximately: ({ sql: value }) => sql`cast(${value} as real)`,
    sum: ({ sql: value }, scale) => fromUnits(sql, sql`coalesce(sum(${toUnits(sql, value, scale)}), 0)`, scale),
  };
}

/**
 * A decimal as a whole number of its smallest unit. What 64 bits may not hold, or is no decimal of that scale, ends in
 * SQLite's own error: the absolute value of the least integer is none, and a wrong sum would be silent.
 */
function toUnits(sql: Sql, value: Fragment, scale: number): Fragment {
  const text = sql`(${value} || '')`;
  const point = sql`instr(${text} || '.', '.')`;
  const isUnfit = sql`${text} glob '*[^-0-9.]*' or length(${text}) > ${sql.lit(safeDigits)} or length(${text}) - ${point} > ${sql.lit(scale)}`;
  const fraction = sql`substr(substr(${text}, ${point} + 1) || ${sql.lit('0'.repeat(scale))}, 1, ${sql.lit(scale)})`;
  return sql`(case when ${isUnfit} then abs(-9223372036854775807 - 1) else cast(substr(${text}, 1, ${point} - 1) || ${fraction} as integer) end)`;
}

/** The decimal of a whole number of units, with all its digits after the point. */
function fromUnits(sql: Sql, units: Fragment, scale: number): Fragment {
  if (scale === 0) return sql`cast(${units} as text)`;
  const unit = sql.raw(`1${'0'.repeat(scale)}`);
  return sql`printf(${sql.lit(`%s%d.%0${scale}d`)}, iif(${units} < 0, '-', ''), abs(${units}) / ${unit}, abs(${units}) % ${unit})`;
}
