import type { LedgerObject } from '../ledger/created-objects.ts';
import type { StatementClass } from './classify.ts';

/** One statement, with what it does to data. */
export interface PlannedStatement {
  /** The object it is about, for people: `film`, `film.length`. */
  readonly object: string;
  readonly class: StatementClass;
  readonly sql: string;
}

/** What a deployment would do. Making it changes nothing. */
export interface DeployPlan {
  readonly datakit: string;
  readonly statements: readonly PlannedStatement[];
  /** For each statement what is new by it. */
  readonly createdBy: readonly (readonly LedgerObject[])[];
  /** Objects that would lose data, by the names that `--allowDestructive` takes. */
  readonly destructive: readonly string[];
  /** Tables that the plan creates. */
  readonly newTables: readonly string[];
  /** What is new and will be ours; what goes and will not be. */
  readonly created: readonly LedgerObject[];
  readonly dropped: readonly LedgerObject[];
  readonly modelFingerprint: string;
}
