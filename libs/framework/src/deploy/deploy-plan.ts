import type { TableClaim } from '../engines/statement-cost.ts';
import type { LedgerObject } from '../ledger/created-objects.ts';
import type { ReportedStatement } from '../report/run-report.ts';
import type { ExpectedView } from '../structure/expected-views.ts';

/** One statement, with what it does to data and what it costs those who use the table. */
export type PlannedStatement = ReportedStatement;

/** What a deployment would do. Making it changes nothing. */
export interface DeployPlan {
  readonly datakit: string;
  /**
   * Equal for equal statements, model and live structure, on every machine and at any time: what `--approve` takes.
   * Sixteen hexadecimal digits.
   */
  readonly hash: string;
  readonly statements: readonly PlannedStatement[];
  /** How many of them, counted from the end, run each by itself when all others are done and committed. */
  readonly standalone: number;
  /** For each statement what is new by it. */
  readonly createdBy: readonly (readonly LedgerObject[])[];
  /** Objects that would lose data, by the names that `--allowDestructive` takes. */
  readonly destructive: readonly string[];
  /** Tables that the plan creates. */
  readonly newTables: readonly string[];
  /** Tables in use that it needs for itself. */
  readonly claims: readonly TableClaim[];
  /** What is new and will be ours; what goes and will not be. */
  readonly created: readonly LedgerObject[];
  readonly dropped: readonly LedgerObject[];
  /** False where renames come first, and the rest can only be planned when they are done. */
  readonly isAll: boolean;
  /** The views that are there when it is done. */
  readonly views: readonly ExpectedView[];
  readonly modelFingerprint: string;
  /** Of the tables that the plan starts from. */
  readonly liveFingerprint: string;
}
