import type { RejectReason } from '../raw-rows.ts';

/** How DuckDB takes the text of a value for a declared type; both are its SQL, over the text's expression. */
export interface Judgement {
  /** Gives a {@link RejectReason}, or null for a good value. */
  readonly problem: string;
  /** Gives the value in the form of the wire format `csv`; asked for good values only. */
  readonly value: string;
}

/** The first reason whose condition holds; a condition may rely on those before it being false. */
export function firstProblem(...problems: readonly (readonly [condition: string, reason: RejectReason])[]): string {
  const cases = problems.map(([condition, reason]) => `when ${condition} then '${reason}'`);
  return cases.length === 0 ? 'null' : `case ${cases.join(' ')} end`;
}

/** True for a text that is such a pattern from its first character to its last; `$` would let a newline pass. */
export function matches(text: string, pattern: string): string {
  return `regexp_full_match(${text}, '${pattern}')`;
}
