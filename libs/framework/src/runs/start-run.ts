import type { Output } from '../report/output.ts';
import type { RunReport } from '../report/run-report.ts';
import type { RunRequest, Step } from './run-request.ts';

/** One command's work in this process: its steps share one opened target. */
export interface Run extends AsyncDisposable {
  /** Does one step and writes its report. Never throws: what went wrong is in the report. */
  step(step: Step, output: Output): Promise<RunReport>;
  /** Drops what `--cleanup` must drop, closes the target and gives back the servers that we started. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a run. Opens nothing yet: the first step does. */
export function startRun(request: RunRequest): Run {
  throw new Error(`being built: ${request.runId}`);
}
