import { firstProblem, matches, type Judgement } from './judgement.ts';

/** A type with a number of digits behind the second. */
interface TimeType {
  readonly kind: string;
  readonly precision?: number;
}

const day = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
const hours = '([01][0-9]|2[0-3])';
const clock = `${hours}:[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?`;
const zone = '([zZ]|[+-][0-9]{2}(:?[0-9]{2})?)';
const infinite = '-?infinity';

/**
 * A real day of the years 1 to 9999 in ISO 8601, or infinity. DuckDB takes `2024-02-29 x` for a date, and `24:00:00` for
 * the next day.
 */
export function judgeDate(text: string): Judgement {
  return {
    problem: firstProblem(
      [`not ${matches(`trim(${text})`, `${day}|${infinite}`)}`, 'wrong_type'],
      [`not ${matches(`trim(${text})`, infinite)} and ${isNoDay(`try_cast(trim(${text}) as date)`)}`, 'out_of_range'],
    ),
    value: `trim(${text})`,
  };
}

/** An instant without a zone is one in UTC. A timestamp with a zone is refused: databases would drop the zone. */
export function judgeTimestamp(type: TimeType, text: string, lossy: boolean): Judgement {
  const hasZone = type.kind === 'timestamptz';
  const precision = type.precision ?? 6;
  const trimmed = `trim(${text})`;
  const written = `${day}[ tT]${clock}${hasZone ? `( ?${zone})?` : ''}`;
  // In UTC and with no more digits than there may be, as most are: without looking for a zone, in a quarter of the time.
  const digits = precision === 0 ? '' : `([.][0-9]{1,${precision}})?`;
  const isPlain = matches(trimmed, `${day}[ T]${hours}:[0-5][0-9]:[0-5][0-9]${digits}${hasZone ? '(Z|[+]00)?' : ''}`);
  const plain = `try_cast(${hasZone ? `split_part(split_part(${trimmed}, '+', 1), 'Z', 1)` : trimmed} as timestamp)`;
  const moment = momentOf(text, hasZone);
  const isInfinite = matches(trimmed, infinite);
  const rounded = lossy ? roundedTo(moment, precision) : moment;
  const exact = firstProblem(
    [`not ${matches(trimmed, `${written}|${infinite}`)}`, 'wrong_type'],
    [`not ${isInfinite} and ${isNoDay(moment)}`, 'out_of_range'],
    ...(lossy ? [] : ([[`not ${isInfinite} and ${hasMoreDigits(text, precision)}`, 'too_precise']] as const)),
  );
  const shown = (instant: string): string =>
    `strftime(${instant}, '%Y-%m-%d %H:%M:%S.%f')${hasZone ? ` || '+00'` : ''}`;
  return {
    problem: `if(${isPlain}, ${firstProblem([isNoDay(plain), 'out_of_range'])}, ${exact})`,
    value: `case when ${isPlain} then ${shown(plain)} when ${isInfinite} then ${trimmed} else ${shown(rounded)} end`,
  };
}

/** The times of a day up to 24:00:00, with seconds and, as `timetz`, a zone; in PostgreSQL's form. */
export function judgeTime(type: TimeType, text: string): Judgement {
  const hasZone = type.kind === 'timetz';
  const written = `(${clock}|24:00(:00([.]0{1,9})?)?)${hasZone ? zone : ''}`;
  const local = hasZone ? `regexp_replace(trim(${text}), '${zone}$', '')` : `trim(${text})`;
  const seconds = `if(length(${local}) = 5, ${local} || ':00', ${local})`;
  const short = `if(contains(${seconds}, '.'), rtrim(rtrim(${seconds}, '0'), '.'), ${seconds})`;
  const offset = `upper(substr(trim(${text}), length(${local}) + 1))`;
  const colons = `regexp_replace(replace(${offset}, ':', ''), '^(...)(..)$', '\\1:\\2')`;
  return {
    problem: firstProblem(
      [`not ${matches(`trim(${text})`, written)}`, 'wrong_type'],
      [hasMoreDigits(text, type.precision ?? 6), 'too_precise'],
    ),
    value: hasZone ? `${short} || if(${offset} = 'Z', '+00', regexp_replace(${colons}, ':00$', ''))` : short,
  };
}

/** Null for a day that there is not, such as 30 February, and a day outside of the years 1 to 9999. */
function isNoDay(moment: string): string {
  return `not coalesce(${moment} between '0001-01-01' and '9999-12-31 23:59:59.999999', false)`;
}

/** In UTC. The zone is read by DuckDB, which wants a capital Z and no blank before it. */
function momentOf(text: string, hasZone: boolean): string {
  if (!hasZone) return `try_cast(${microseconds(`upper(trim(${text}))`)} as timestamp)`;
  const compact = `regexp_replace(upper(trim(${text})), ' ?([Z+-][0-9:]*)$', '\\1')`;
  return `(try_cast(${microseconds(`regexp_replace(${compact}, '^(.{10}) ', '\\1T')`)} as timestamptz) at time zone 'UTC')`;
}

/** Nine digits are for nanoseconds, which neither DuckDB's type nor any engine keeps; those that count are refused. */
function microseconds(text: string): string {
  return `regexp_replace(${text}, '([.][0-9]{6})[0-9]+', '\\1')`;
}

function hasMoreDigits(text: string, precision: number): string {
  return `rtrim(regexp_extract(${text}, '[.]([0-9]*)', 1), '0') similar to '.{${precision + 1},}'`;
}

function roundedTo(moment: string, precision: number): string {
  if (precision >= 6) return moment;
  const unit = 10 ** (6 - precision);
  return `make_timestamp(cast(round(epoch_us(${moment}) / ${unit}.0) as bigint) * ${unit})`;
}
