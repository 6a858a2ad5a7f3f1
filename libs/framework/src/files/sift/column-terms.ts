import type { LackingForm } from '../../model/lacking-form.ts';
import { duckDbIdentifier } from '../duckdb.ts';
import type { RawRows } from '../raw-rows.ts';
import { judgeValue } from './judge-value.ts';
import { firstProblem } from './judgement.ts';
import type { SiftColumn } from './sift-request.ts';

/** What DuckDB computes of one column, each by the name of a column of {@link withReasons} or {@link withValues}. */
export interface ColumnTerms {
  /** A reason that sets the row aside, or null. */
  readonly problem: string;
  /** A reason why the value itself is left out, or null; the row stays. */
  readonly misfit: string;
  /** The value in the form of csv, or null. */
  readonly value: string;
  /** The text as the source has it. */
  readonly raw: string;
}

/** The number of a row, from 0, in the order of the source. */
export const positionName = '"datakit:position"';

/** Names of the reason and of the value of the column at an index. */
const reasonName = (index: number): string => `"datakit:reason ${index}"`;
const valueName = (index: number): string => `"datakit:value ${index}"`;

/**
 * The query of a table's raw rows with a reason for each column. In layers, because an expression that is written out
 * where another uses it is planned anew each time, which took seconds.
 */
export function withReasons(columns: readonly SiftColumn[], raw: RawRows): string {
  const reasons = columns.map(
    (column, index) => `${reasonOf(column, rawText(column.from, raw))} as ${reasonName(index)}`,
  );
  return `select *, ${[...reasons, `rowid as ${positionName}`].join(', ')} from ${duckDbIdentifier(raw.table)}`;
}

/**
 * The query of those of the rows that are good, with a value for each column, between the parameters `low` and `high`.
 * Reasons are computed again only where a good row can have one.
 */
export function withValues(columns: readonly SiftColumn[], raw: RawRows): string {
  const reasons = columns.flatMap((column, index) =>
    leavesValuesOut(column) ? [`${reasonOf(column, rawText(column.from, raw))} as ${reasonName(index)}`] : [],
  );
  const values = columns.map(
    (column, index) => `${valueOf(column, rawText(column.from, raw), index)} as ${valueName(index)}`,
  );
  const numbered = `(select *, rowid as ${positionName} from ${duckDbIdentifier(raw.table)})`;
  const between = (position: string): string => `${position} >= low and ${position} < high`;
  const bad = `select position from datakit_problems where ${between('position')}`;
  const good = `(select * from ${numbered} where ${between(positionName)} and ${positionName} not in (${bad}))`;
  const judged = reasons.length === 0 ? good : `(select *, ${reasons.join(', ')} from ${good})`;
  return `select *, ${values.join(', ')} from ${judged}`;
}

/** What to take from the view for the column at an index. */
export function columnTerms(column: SiftColumn, index: number, raw: RawRows): ColumnTerms {
  const text = rawText(column.from, raw);
  const reason = reasonName(index);
  const value = valueName(index);
  // A column that must have a value cannot lose it.
  const leavesOut = leavesValuesOut(column);
  const becomesNull = column.lossy && column.lacking.length > 0;
  const missing = `if(${becomesNull ? valueOf(column, text, index) : text} is null, 'null_in_required', null)`;
  return {
    problem: column.required ? `coalesce(${reason}, ${missing})` : leavesOut ? invalidText(reason) : reason,
    misfit: leavesOut ? reason : 'null',
    value,
    raw: text,
  };
}

/** The raw table's column of a source's one. */
export function rawText(from: string, raw: RawRows): string {
  return duckDbIdentifier(raw.columns.get(from) ?? from);
}

function leavesValuesOut({ misfit, required }: SiftColumn): boolean {
  return !required && (misfit === 'discard value' || misfit === 'extra');
}

/** A text that is none cannot be kept anywhere. */
function invalidText(reason: string): string {
  return `if(${reason} = 'invalid_text', ${reason}, null)`;
}

function reasonOf(column: SiftColumn, text: string): string {
  const judged = judge(column, text);
  const noForm = column.lossy ? [] : column.lacking.map((form) => firstProblem([lacks(form, judged.value), 'no_form']));
  const tooLong =
    column.longest === undefined ? [] : [firstProblem([`length(${judged.value}) > ${column.longest}`, 'too_long'])];
  const problems = [judged.problem, ...tooLong, ...noForm].filter((each) => each !== 'null');
  // Each test relies on those before it; DuckDB evaluates the rest only where those gave nothing.
  return problems.length === 0 ? 'null::varchar' : `if(${text} is null, null, coalesce(${problems.join(', ')}))`;
}

function valueOf(column: SiftColumn, text: string, index: number): string {
  const { value } = judge(column, text);
  const noForm = column.lossy ? column.lacking.map((form) => lacks(form, value)) : [];
  const kept = noForm.length === 0 ? value : `if(${noForm.join(' or ')}, null, ${value})`;
  if (!leavesValuesOut(column)) return kept === text ? text : `if(${text} is null, null, ${kept})`;
  return `if(${text} is null or ${reasonName(index)} is not null, null, ${kept})`;
}

function judge(column: SiftColumn, text: string): { problem: string; value: string } {
  if (!column.trusted) return judgeValue(column.type, text, column.lossy ?? false);
  if (column.type.kind !== 'array') return { problem: 'null', value: text };
  // Only PostgreSQL sends lists of lists for a list, and they would be taken for lists of texts.
  const json = `if(json_valid(${text}), ${text}, 'null')`;
  return { problem: firstProblem([`json_type(${json}, '$[0]') = 'ARRAY'`, 'wrong_type']), value: text };
}

function lacks(form: LackingForm, value: string): string {
  switch (form) {
    case 'NaN':
      return `${value} = 'NaN'`;
    case 'not finite':
      return `${value} in ('NaN', 'Infinity', '-Infinity')`;
    case 'far dates':
      return `(${value} not like '____-%' or ${value} like '%BC%')`;
  }
}

/** The same for two values that a key takes for one. */
export function keyTerm({ type }: SiftColumn, value: string): string {
  switch (type.kind) {
    case 'real':
    case 'double':
      // There are two zeros, and one key.
      return `(try_cast(${value} as double) + 0)`;
    case 'numeric':
      return `if(contains(${value}, '.'), rtrim(rtrim(${value}, '0'), '.'), ${value})`;
    case 'char':
      return `rtrim(${value}, ' ')`;
    default:
      return value;
  }
}
