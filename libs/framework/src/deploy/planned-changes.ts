import type { StructureChange } from '../engines/structure-change.ts';
import type { LedgerObject } from '../ledger/created-objects.ts';
import type { StatementClass } from './classify.ts';

/** One change that a plan makes, by the name that people know its object by. */
export interface PlannedChange {
  readonly object: string;
  readonly class: StatementClass;
  readonly change: StructureChange;
  /** What is ours by its first statement, beside what the change itself tells. */
  readonly creates?: readonly LedgerObject[];
}

/** What one part of the planning finds to do. */
export interface PlannedChanges {
  readonly changes: readonly PlannedChange[];
  /** What is new and will be ours; what goes and will not be. */
  readonly created: readonly LedgerObject[];
  readonly dropped: readonly LedgerObject[];
  /** Objects that would lose data, by the names that `--allowDestructive` takes. */
  readonly destructive: readonly string[];
}

/** All of several, in their order. */
export function allOf(several: readonly PlannedChanges[]): PlannedChanges {
  return {
    changes: several.flatMap(({ changes }) => changes),
    created: several.flatMap(({ created }) => created),
    dropped: several.flatMap(({ dropped }) => dropped),
    destructive: several.flatMap(({ destructive }) => destructive),
  };
}
