import type { AnyEntity } from './entity.ts';
import type { AnyRowConditions } from './row-condition.ts';

/** What an unmet expectation does: `error` fails the run and keeps a load from being published, `warn` is reported. */
export type Severity = 'error' | 'warn';

/** What every expectation takes. */
export interface ExpectationOptions {
  /** `error` unless told otherwise. */
  readonly severity?: Severity;
  /** A condition in the target's SQL; only rows for which it is true are looked at. */
  readonly where?: string;
}

/** A number, a decimal as text where a number would round, or for dates and times an ISO 8601 text or a `Date`. */
export type Bound = number | bigint | string | Date;

/** The ends of a range; those that are left out are open. */
export interface RangeEnds {
  /** At least this. */
  readonly min?: Bound;
  /** At most this. */
  readonly max?: Bound;
  /** More than this. */
  readonly above?: Bound;
  /** Less than this. */
  readonly below?: Bound;
}

/** How many rows there are; the ends are included. */
export interface RowCounts {
  readonly min?: number;
  readonly max?: number;
  readonly equals?: number;
}

export type AcceptedValue = string | number | bigint | boolean;

/** What a table promises about its rows, made by the functions of `expectations.ts`. `columns` are properties of the entity. */
export type Expectation<Column extends string = string> = {
  readonly severity: Severity;
  readonly where: string | undefined;
  readonly columns: readonly Column[];
} & (
  | { readonly kind: 'notNull' }
  | { readonly kind: 'unique' }
  | { readonly kind: 'acceptedValues'; readonly values: readonly AcceptedValue[] }
  | {
      readonly kind: 'relationship';
      readonly parent: AnyEntity;
      readonly parentColumns: readonly string[] | undefined;
      readonly schema: string | undefined;
    }
  | { readonly kind: 'range'; readonly ends: RangeEnds }
  | { readonly kind: 'matches'; readonly pattern: string }
  | { readonly kind: 'rowCount'; readonly counts: RowCounts }
  | { readonly kind: 'freshness'; readonly maxAge: string }
  | { readonly kind: 'sql'; readonly statement: string; readonly name: string | undefined }
  | { readonly kind: 'reconciles'; readonly input: AnyEntity; readonly leavesOut: AnyRowConditions }
  | { readonly kind: 'upToDate'; readonly maxAge: string }
);

export type ExpectationKind = Expectation['kind'];
