import type { FaultTarget } from './fault-target.ts';
import type { Journal } from './journal.ts';
import type { ScratchWorkspace } from './scratch-workspace.ts';
import type { ServerTarget } from './server-target.ts';
import type { TestMariaDB, TestPostgres } from '@datakit/framework/testing';

/** One promise, broken on purpose in every way that its file describes. */
export interface FaultCase {
  readonly name: string;
  /** What must hold, in one sentence. */
  readonly promise: string;
  run(lab: Lab): Promise<CaseResult[]>;
}

/** What a case found out about one engine. */
export interface CaseResult {
  readonly target: string;
  /** Faults that were brought. */
  readonly points: number;
  /** What did not hold, each with its point. */
  readonly violations: readonly string[];
  /** Figures worth knowing, or the reason why it was skipped. */
  readonly note?: string;
}

/** What cases work with. */
export interface Lab {
  readonly workspace: ScratchWorkspace;
  /** The engines that this machine has. */
  readonly targets: readonly FaultTarget[];
  /** The servers themselves, for what is asked of them besides. */
  readonly postgres: { readonly target: ServerTarget; readonly server: TestPostgres } | undefined;
  readonly mariadb: { readonly target: ServerTarget; readonly server: TestMariaDB } | undefined;
  /** Engines that are missing here, with the reason. */
  readonly missing: readonly { readonly target: string; readonly reason: string }[];
  /** The points to try out of all: every one, or some of them spread evenly. */
  choose<Point>(points: readonly Point[]): Point[];
  /** How many commands of a sweep run at the same time. */
  readonly atOnce: number;
  /** What is known from an earlier run, and kept for a later one. */
  readonly journal: Journal;
  /** Tells that work goes on. */
  progress(text: string): void;
}
