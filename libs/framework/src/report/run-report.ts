import type { ErrorCode } from '../errors/error-codes.ts';

/** What a statement costs those who use its table meanwhile. */
export interface ReportedCost {
  /** Writes every row anew, reads every row, or only changes the catalogue. */
  readonly work: 'rewrites' | 'reads' | 'none';
  /** What others wait with until it is done. */
  readonly blocks: 'nothing' | 'writes' | 'reads and writes';
  /** What it takes, in the server's own words. */
  readonly lock: string;
  /** About how many rows the table has; absent where the catalogue does not know. */
  readonly rows?: number;
}

/** One statement that was run, or (with `--plan`) would be. */
export interface ReportedStatement {
  readonly object: string;
  readonly class: 'additive' | 'altering' | 'destructive';
  readonly sql: string;
  /** Absent where nobody can use the table yet. */
  readonly cost?: ReportedCost;
}

/** One difference or failed check. */
export interface Finding {
  readonly check: string;
  readonly severity: 'error' | 'warn';
  /** `film.length`, `film` … without schema or prefix. */
  readonly object: string;
  readonly kind: string;
  readonly expected: string | null;
  readonly found: string | null;
  /** Rows that fail, where rows were checked. */
  readonly failed?: number;
}

/** What happened to one table in an ingest. */
export interface ReportedTable {
  readonly table: string;
  readonly loadId: string;
  readonly status: 'succeeded' | 'failed' | 'cancelled';
  readonly read: number;
  readonly loaded: number;
  readonly quarantined: number;
  /** Bytes that the source sent. */
  readonly bytes: number;
  readonly seconds: number;
  /** How the rows were published: `insert` into an empty table, or `delete and insert`; `nothing` where none were. */
  readonly published: string;
  /** Loads that were begun, those that a passing fault ended included; absent where each was done at once. */
  readonly attempts?: number;
  /** Columns that were declared lossy: a value without a form in the target or a file became null there. */
  readonly lossy?: readonly string[];
  /** Absolute paths. */
  readonly files: readonly string[];
}

/** What became of one datakit of a pipeline. */
export interface ReportedStage {
  readonly project: string;
  readonly outcome: 'done' | 'failed' | 'skipped';
  /** The project upstream that did not succeed, where this one was skipped. */
  readonly because?: string;
}

/** What one operation did to one datakit: the machine-readable end of a run, `report.schema.json` describes it. */
export interface RunReport {
  readonly version: 1;
  readonly runId: string;
  /** Name and version of what wrote the report. */
  readonly tool: string;
  readonly project: string;
  readonly operation: string;
  readonly target: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly status: 'running' | 'succeeded' | 'failed' | 'cancelled';
  readonly error?: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly hint?: string;
    readonly retryable: boolean;
  };
  /** The run that this one went on with. */
  readonly resumes?: string;
  /** What became of a pipeline's datakits so far, in the order in which they ended; absent where none was begun. */
  readonly stages?: readonly ReportedStage[];
  /** The datakits that a pipeline was told to take, where it was not all of them. */
  readonly only?: readonly string[];
  /** The plan that a deployment ran, would run, or was refused. */
  readonly plan?: { readonly hash: string };
  readonly statements: readonly ReportedStatement[];
  readonly findings: readonly Finding[];
  readonly tables: readonly ReportedTable[];
}
