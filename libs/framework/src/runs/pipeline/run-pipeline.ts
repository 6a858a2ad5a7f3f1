import { discoverDatakit } from '../../discovery/discover-datakit.ts';
import { discoverPipeline } from '../../discovery/discover-pipeline.ts';
import { DatakitError } from '../../errors/datakit-error.ts';
import { isCompleteIn } from '../../ingest/why-ingest.ts';
import { countOf } from '../../report/count-of.ts';
import { capturedOutput, type Output } from '../../report/output.ts';
import type { ReportWriter } from '../../report/report-writer.ts';
import type { RunReport } from '../../report/run-report.ts';
import { summaryTable } from '../../report/summary-table.ts';
import { datakitHome } from '../../settings/datakit-home.ts';
import type { TargetDatabase } from '../../targets/target-database.ts';
import type { RunRequest, Step } from '../run-request.ts';
import { lastFailedRun } from './last-failed-run.ts';
import { layerSummary, type StageResult } from './layer-summary.ts';
import { selectStages, type PipelineStage } from './pipeline-stage.ts';
import { printResults } from './print-results.ts';
import { runStages } from './run-stages.ts';
import { planStages, whyLoad } from './stage-reasons.ts';

/** How a pipeline has its steps done: one operation on one datakit, with a report of its own. */
export type DoStep = (step: Step, request: RunRequest, output: Output) => Promise<RunReport>;

/**
 * Takes the datakits of a pipeline through deploy, ingest and validate in the order of the graph, as parallel as that
 * and the engine allow. What is downstream of a failure is left out; the rest goes on.
 *
 * @throws the code of the first failure; DATAKIT_UNKNOWN for a name in `--only`, OPTION_INVALID for a `--resume` of nothing
 */
export async function runPipeline(
  step: Step,
  request: RunRequest,
  database: TargetDatabase,
  report: ReportWriter,
  output: Output,
  doStep: DoStep,
): Promise<void> {
  const { options } = request;
  const pipeline = await discoverPipeline(step.root);
  const stages = selectStages(step.stages ?? [], options.only);
  const loadsAll = options.upstream !== 'missing';
  if (options.plan) {
    const rows = await planStages(stages, database, { runId: request.runId, loadsAll });
    output.line(summaryTable(['datakit', 'layer', 'deploy', 'ingest because'], rows));
    output.line('Nothing was changed.');
    return;
  }
  const begun = performance.now();
  const resumed = options.resume
    ? lastFailedRun(datakitHome(request.workspaceRoot), step.project, report.report.target, request.runId)
    : undefined;
  const runId = resumed ?? request.runId;
  if (resumed !== undefined) await report.update({ resumes: resumed });
  const stageRequest: RunRequest = { ...request, runId, options: optionsOfStages(request) };
  const results: StageResult[] = [];
  const failures: RunReport[] = [];
  const work = async (stage: PipelineStage): Promise<boolean> => {
    const stageBegun = performance.now();
    const reports: RunReport[] = [];
    for (const operation of ['deploy', 'ingest', 'validate'] as const) {
      const datakit = operation === 'ingest' ? await discoverDatakit(stage.root) : undefined;
      const isGood = datakit && (await keepsItsLoads(datakit));
      if (isGood) {
        output.line(`${stage.project}: ${isGood}`);
        continue;
      }
      const captured = capturedOutput();
      const done = await doStep({ operation, ...stage }, stageRequest, captured);
      reports.push(done);
      const lines = captured.text().trimEnd().split('\n');
      if (done.status !== 'succeeded') {
        failures.push(done);
        for (const line of lines) output.line(`${stage.project}: ${line}`);
        return false;
      }
      output.line(`${stage.project}: ${lines.at(-1) ?? ''}`);
    }
    const seconds = (performance.now() - stageBegun) / 1000;
    results.push({ datakit: await discoverDatakit(stage.root), reports, seconds });
    const tables = reports.flatMap((each) =>
      each.tables.map((table) => ({ ...table, table: `${stage.project}.${table.table}` })),
    );
    const findings = reports.flatMap((each) => each.findings);
    await report.update({
      tables: [...report.report.tables, ...tables],
      findings: [...report.report.findings, ...findings],
    });
    return true;
  };
  /** What is said of a datakit whose loads stay as they are; nothing where it is to be loaded. */
  async function keepsItsLoads(datakit: Parameters<typeof whyLoad>[0]): Promise<string | undefined> {
    if (resumed !== undefined) {
      const session = await database.connect();
      try {
        const isComplete = await isCompleteIn(resumed, datakit, database.engine, session);
        if (isComplete) return 'its loads were made before the run failed.';
      } finally {
        await database.disconnect(session);
      }
    }
    if (loadsAll) return undefined;
    return (await whyLoad(datakit, database)) === undefined ? 'its loads are still good.' : undefined;
  }
  const concurrency = database.engine.supportsConcurrentWriters && !database.inMemory ? (options.concurrency ?? 2) : 1;
  const outcomes = await runStages(stages, concurrency, work, (stage, because) =>
    output.line(`${stage.project}: skipped, because ${because} did not succeed.`),
  );
  output.line(layerSummary(results));
  const done = [...outcomes.values()].filter(({ kind }) => kind === 'done').length;
  const [first] = failures;
  if (first?.error) throw failureOf(first, stages.length - done, stages.length);
  if (pipeline) await printResults(pipeline, database, output);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  output.line(`${step.project}: ${countOf(stages.length, 'datakit')} on ${database.description} in ${seconds} s.`);
}

/** What is about the whole run must not reach its steps: a report file has one writer. */
function optionsOfStages({ options }: RunRequest): RunRequest['options'] {
  const { reportFile: _, only: _only, resume: _resume, upstream: _upstream, plan: _plan, ...others } = options;
  return others;
}

function failureOf({ project, operation, error }: RunReport, failed: number, all: number): DatakitError {
  return new DatakitError({
    code: error?.code ?? 'INTERNAL',
    message: `${failed} of ${countOf(all, 'datakit')} did not succeed; the first was ${operation} of ${project}: ${(error?.message ?? '').split('\n')[0]}`,
    hint: 'Mend the cause, then run again with --resume: what succeeded is not loaded again.',
    retryable: error?.retryable ?? false,
  });
}
