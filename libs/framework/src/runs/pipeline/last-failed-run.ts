import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatakitError } from '../../errors/datakit-error.ts';
import type { RunReport } from '../../report/run-report.ts';

/** The run that `--resume` goes on with. */
export interface FailedRun {
  readonly runId: string;
  /** The datakits that it had brought to their end. */
  readonly done: ReadonlySet<string>;
}

/**
 * The last run of a pipeline on a target, if it did not succeed. Plans, commands that were refused before they did
 * anything, and runs of some datakits that succeeded say nothing of the whole, and are passed over.
 *
 * @throws OPTION_INVALID where there is none
 */
export function lastFailedRun(home: string, project: string, target: string): FailedRun {
  const reports = readReports(join(home, 'runs'), `${project}.pipeline.json`).filter(
    (report) =>
      report.target === target && report.stages !== undefined && !(report.status === 'succeeded' && report.only),
  );
  const last = reports.toSorted((one, other) => (one.startedAt < other.startedAt ? -1 : 1)).at(-1);
  if (last && last.status !== 'succeeded') {
    const done = (last.stages ?? []).filter(({ outcome }) => outcome === 'done');
    return { runId: last.resumes ?? last.runId, done: new Set(done.map((stage) => stage.project)) };
  }
  throw new DatakitError({
    code: 'OPTION_INVALID',
    message: last
      ? `The last run of ${project} on ${target} succeeded, so there is nothing to resume.`
      : `${project} never ran on ${target}, so there is nothing to resume.`,
    hint: 'Leave out --resume.',
  });
}

function readReports(folder: string, name: string): RunReport[] {
  let runs: string[];
  try {
    runs = readdirSync(folder);
  } catch {
    return [];
  }
  return runs.flatMap((run) => {
    try {
      return [JSON.parse(readFileSync(join(folder, run, name), 'utf8')) as RunReport];
    } catch {
      // Most runs are of something else, and one of another version may have written what we cannot read.
      return [];
    }
  });
}
