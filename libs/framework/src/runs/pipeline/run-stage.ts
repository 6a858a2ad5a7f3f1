import { discoverDatakit } from '../../discovery/discover-datakit.ts';
import { missingIn } from '../../ingest/why-ingest.ts';
import type { Datakit } from '../../model/datakit.ts';
import { countOf } from '../../report/count-of.ts';
import { capturedOutput, type Output } from '../../report/output.ts';
import type { RunReport } from '../../report/run-report.ts';
import type { TargetDatabase } from '../../targets/target-database.ts';
import type { RunRequest, Step } from '../run-request.ts';
import type { FailedRun } from './last-failed-run.ts';
import type { StageResult } from './layer-summary.ts';
import type { PipelineStage } from './pipeline-stage.ts';
import { whyLoad } from './stage-reasons.ts';

/** How a pipeline has its steps done: one operation on one datakit, with a report of its own. */
export type DoStep = (step: Step, request: RunRequest, output: Output) => Promise<RunReport>;

/** What the stages of one run share. */
export interface StageWork {
  readonly database: TargetDatabase;
  readonly request: RunRequest;
  readonly output: Output;
  readonly doStep: DoStep;
  /** Loads are made whether there are good ones or not. */
  readonly loadsAll: boolean;
  /** The run that this one goes on with. */
  readonly resumed: FailedRun | undefined;
  /** Folders of the datakits that this run loaded. */
  readonly loaded: Set<string>;
}

/**
 * Takes one datakit through deploy, ingest and validate, the second only where it has to be.
 * @returns the report of the step that did not succeed, where one did not
 */
export async function runStage(stage: PipelineStage, work: StageWork): Promise<StageResult | RunReport> {
  const begun = performance.now();
  const reports: RunReport[] = [];
  const tell = (lines: readonly string[]): void => {
    for (const line of lines) work.output.line(`${stage.project}: ${line}`);
  };
  const done = async (operation: Step['operation'], request: RunRequest): Promise<boolean> => {
    const captured = capturedOutput();
    const report = await work.doStep({ operation, ...stage }, request, captured);
    reports.push(report);
    const lines = captured.text().trimEnd().split('\n');
    const isGood = report.status === 'succeeded';
    tell(isGood ? lines.slice(-1) : lines);
    return isGood;
  };
  const failed = (): RunReport => reports.at(-1) as RunReport;

  if (!(await done('deploy', work.request))) return failed();
  // The deployment has loaded it, so it can be.
  const datakit = await discoverDatakit(stage.root);
  const { kept, tables } = await whatToLoad(stage, datakit, work);
  if (kept !== undefined) {
    tell([kept]);
  } else {
    if (tables) tell([`goes on with ${countOf(tables.length, 'table')}: ${tables.join(', ')}.`]);
    work.loaded.add(stage.root);
    const { options } = work.request;
    const request = tables ? { ...work.request, options: { ...options, tables } } : work.request;
    if (!(await done('ingest', request))) return failed();
  }
  if (!(await done('validate', work.request))) return failed();
  return { datakit, reports, seconds: (performance.now() - begun) / 1000 };
}

/** `kept` says why nothing is loaded; `tables` are those to load, where it is not all of them. */
async function whatToLoad(
  stage: PipelineStage,
  datakit: Datakit,
  { database, resumed, loadsAll, loaded }: StageWork,
): Promise<{ readonly kept?: string; readonly tables?: readonly string[] }> {
  // What stands on rows that are newer than its own is built again, whatever it was before.
  if (stage.upstream.some((root) => loaded.has(root))) return {};
  const isGood = async (): Promise<boolean> => (await whyLoad(datakit, database)) === undefined;
  if (!resumed) return !loadsAll && (await isGood()) ? { kept: 'its loads are still good.' } : {};
  const session = await database.connect();
  let missing: readonly string[];
  try {
    missing = await missingIn(resumed.runId, datakit, database.engine, session);
  } finally {
    await database.disconnect(session);
  }
  if (missing.length === 0) return { kept: 'its loads were made before the run failed.' };
  if ((!loadsAll || resumed.done.has(stage.project)) && (await isGood())) return { kept: 'its loads are still good.' };
  // Tables of a source are published one by one, those that are built all at once.
  return datakit.source && missing.length < datakit.tables.length ? { tables: missing } : {};
}
