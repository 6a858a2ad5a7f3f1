import type { Engine } from '../engines/engine.ts';
import type { DatakitError } from '../errors/datakit-error.ts';
import type { Expectation, ExpectationKind } from '../model/expectation.ts';
import type { Check } from './check.ts';
import type { CheckedTable } from './checked-table.ts';

/** What every check is made from. */
export interface AnyContext {
  readonly expectation: Pick<Expectation, 'columns' | 'where'>;
  readonly table: CheckedTable;
  /** All tables of the datakit. */
  readonly tables: readonly CheckedTable[];
  readonly engine: Engine;
  /** @returns the error for an expectation that makes no sense */
  invalid(problem: string, hint?: string): DatakitError;
}

/** What a check of one kind is made from. */
export interface CheckContext<Kind extends ExpectationKind = ExpectationKind> extends AnyContext {
  readonly expectation: Extract<Expectation, { readonly kind: Kind }>;
}

/** What differs from kind to kind. */
export type CheckParts = Pick<Check, 'problem' | 'expected' | 'way'> & Partial<Pick<Check, 'needs' | 'object'>>;

/** The rows that are looked at. On lines of its own, so that a comment at its end comments nothing else out. */
export function whereOf(where: string | undefined): string {
  return where === undefined ? '1 = 1' : `(\n${where}\n)`;
}
