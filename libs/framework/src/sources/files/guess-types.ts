import { duckDbIdentifier, type DuckDb } from '../../files/duckdb.ts';
import type { RawRows } from '../../files/raw-rows.ts';
import { judgeValue } from '../../files/sift/judge-value.ts';
import { matches } from '../../files/sift/judgement.ts';
import type { ColumnType } from '../../model/column-type.ts';

/** A type, and the form in which its values stay what they are: `007` is no number, whatever a cast makes of it. */
interface Candidate {
  readonly type: ColumnType;
  readonly form: string;
}

const whole = '0|-?[1-9][0-9]*';
const day = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
/** No negative zero: a number would come back without its sign. */
const decimal = '0([.][0-9]+)?|-?[1-9][0-9]*([.][0-9]+)?|-0[.][0-9]*[1-9][0-9]*';
const clock = '[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?';

/** The narrower first. */
const candidates: readonly Candidate[] = [
  { type: { kind: 'boolean' }, form: 'true|false' },
  { type: { kind: 'integer' }, form: whole },
  { type: { kind: 'bigint' }, form: whole },
  { type: { kind: 'date' }, form: day },
  { type: { kind: 'timestamp', precision: 6 }, form: `${day}[T ]${clock}` },
  { type: { kind: 'timestamptz', precision: 6 }, form: `${day}[T ]${clock}(Z|[+-][0-9]{2}(:?[0-9]{2})?)` },
  { type: { kind: 'uuid' }, form: '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}' },
];

/** Digits that every engine keeps. */
const mostDigits = 38;

/**
 * Guesses types for columns of texts: the narrowest that takes every value that is there, by the rules of a load, and
 * gives it back as it was written. A column without values, or with one that fits nothing, stays text.
 *
 * @returns the guesses, by the source's name of the column
 */
export async function guessTypes(rows: RawRows, { connection }: DuckDb): Promise<ReadonlyMap<string, ColumnType>> {
  const columns = [...rows.columns];
  if (columns.length === 0) return new Map();
  const perColumn = columns.flatMap(([, column]) => {
    const name = duckDbIdentifier(column);
    const fits = candidates.map(
      ({ type, form }) =>
        `coalesce(bool_and(${matches(name, form)} and ${judgeValue(type, name).problem} is null) filter (${name} is not null), false)`,
    );
    const before = `length(regexp_extract(${name}, '^-?([0-9]+)', 1))`;
    const after = `length(regexp_extract(${name}, '[.]([0-9]+)$', 1))`;
    return [
      ...fits,
      `coalesce(bool_and(${matches(name, decimal)}) filter (${name} is not null), false)`,
      `coalesce(max(${before}), 0)`,
      `coalesce(max(${after}), 0)`,
    ];
  });
  const reader = await connection.runAndReadAll(`select ${perColumn.join(', ')} from ${duckDbIdentifier(rows.table)}`);
  const answers = reader.getRowsJson()[0] ?? [];
  const width = candidates.length + 3;
  return new Map(
    columns.flatMap(([name], index) => {
      const type = typeOf(answers.slice(index * width, (index + 1) * width));
      return type === undefined ? [] : [[name, type] as const];
    }),
  );
}

function typeOf(answers: readonly unknown[]): ColumnType | undefined {
  const found = candidates.find((_, index) => answers[index] === true);
  if (found) return found.type;
  const [isDecimal, before, after] = answers.slice(candidates.length);
  const scale = Number(after);
  if (isDecimal !== true || Number(before) + scale > mostDigits) return undefined;
  return { kind: 'numeric', precision: mostDigits, scale };
}
