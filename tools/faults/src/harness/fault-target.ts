import type { DatabaseState } from './database-state.ts';
import type { RunReport } from '@datakit/framework';
import type { EndedCommand } from './running-command.ts';

/** A fault from outside, at the point number `at` of a command, counted from 1. */
export interface Fault {
  readonly at: number;
  /** Kill the client, cut its connections, or stop passing on what either side says. */
  readonly kind: 'kill' | 'cut' | 'stall';
  /** Whether the server still gets what the client sends at that point. */
  readonly delivered: boolean;
}

/** A command that met a fault, or was only watched. */
export interface WatchedRun {
  readonly ended: EndedCommand;
  /** What it wrote about itself. */
  readonly report: RunReport | undefined;
  /** From the fault to the end of the command. */
  readonly secondsAfterFault: number;
  /** The fault came; false where the command ended before its point. */
  readonly hit: boolean;
  /** Where a fault can come in this command, one label a point. */
  readonly points: readonly string[];
}

/** One engine under test: where commands work, what they did, and how faults reach them. */
export interface FaultTarget extends AsyncDisposable {
  readonly name: string;
  /** A deployment that is killed leaves nothing of itself. */
  readonly hasTransactionalDdl: boolean;
  /** The faults that can be brought between client and database. */
  readonly kinds: readonly Fault['kind'][];
  /** Whether a point splits in two: what was sent arrives, or does not. */
  readonly splitsPoints: boolean;
  /** Runs a `datakit` command on a database, as a user would. */
  run(args: readonly string[], database: string): Promise<EndedCommand>;
  /** The same, watched from outside, with or without a fault. */
  watch(args: readonly string[], database: string, fault?: Fault): Promise<WatchedRun>;
  /** What the database holds, asked by the engine's own client. */
  state(database: string): Promise<DatabaseState>;
  /** Seconds until the server has let go of all sessions in a database; Infinity after `withinSeconds`. */
  settled(database: string, withinSeconds: number): Promise<number>;
  drop(database: string): Promise<void>;
}
