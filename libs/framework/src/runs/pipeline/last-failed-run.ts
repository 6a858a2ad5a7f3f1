import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatakitError } from '../../errors/datakit-error.ts';
import type { RunReport } from '../../report/run-report.ts';

/**
 * The run that `--resume` goes on with: the last one of this pipeline on this target, if it did not succeed.
 * @throws OPTION_INVALID where there is none
 */
export function lastFailedRun(home: string, project: string, target: string, exceptRunId: string): string {
  const reports = readReports(join(home, 'runs'), `${project}.pipeline.json`).filter(
    (report) => report.target === target && report.runId !== exceptRunId,
  );
  // Ids are UUIDs of version 7; a run that was resumed keeps its own.
  const last = reports.toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1)).at(-1);
  if (last && last.status !== 'succeeded') return last.resumes ?? last.runId;
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
