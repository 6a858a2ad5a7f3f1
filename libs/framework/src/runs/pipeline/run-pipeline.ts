import { discoverPipeline } from '../../discovery/discover-pipeline.ts';
import { DatakitError } from '../../errors/datakit-error.ts';
import { countOf } from '../../report/count-of.ts';
import type { Output } from '../../report/output.ts';
import type { ReportWriter } from '../../report/report-writer.ts';
import type { ReportedStage, RunReport } from '../../report/run-report.ts';
import { summaryTable } from '../../report/summary-table.ts';
import { datakitHome } from '../../settings/datakit-home.ts';
import type { TargetDatabase } from '../../targets/target-database.ts';
import type { RunRequest, Step } from '../run-request.ts';
import { lastFailedRun } from './last-failed-run.ts';
import { layerSummary, type StageResult } from './layer-summary.ts';
import { selectStages, type PipelineStage } from './pipeline-stage.ts';
import { printResults } from './print-results.ts';
import { runStage, type DoStep, type StageWork } from './run-stage.ts';
import { runStages } from './run-stages.ts';
import { planStages } from './stage-reasons.ts';

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
    const { sourceUrl } = options;
    const rows = await planStages(stages, database, { runId: request.runId, loadsAll, sourceUrl });
    output.line(summaryTable(['datakit', 'layer', 'deploy', 'ingest because'], rows));
    output.line('Nothing was changed.');
    return;
  }
  const begun = performance.now();
  const resumed = options.resume
    ? lastFailedRun(datakitHome(request.workspaceRoot), step.project, report.report.target)
    : undefined;
  // From here on this is a run that can be resumed.
  await report.update({
    stages: [],
    ...(resumed ? { resumes: resumed.runId } : {}),
    ...(options.only ? { only: options.only } : {}),
  });
  const work: StageWork = {
    request: { ...request, runId: resumed?.runId ?? request.runId, options: optionsOfStages(request) },
    ...{ database, output, doStep, loadsAll, resumed },
    loaded: new Set(),
  };
  const results: StageResult[] = [];
  const failures: RunReport[] = [];
  const tellEnd = (end: ReportedStage, reports: readonly RunReport[] = []): Promise<void> => {
    const { stages: ended = [], tables, findings } = report.report;
    const own = reports
      .flatMap((each) => each.tables)
      .map((each) => ({ ...each, table: `${end.project}.${each.table}` }));
    return report.update({
      stages: [...ended, end],
      tables: [...tables, ...own],
      findings: [...findings, ...reports.flatMap((each) => each.findings)],
    });
  };
  const concurrency = database.engine.supportsConcurrentWriters && !database.inMemory ? (options.concurrency ?? 2) : 1;
  const outcomes = await runStages(
    stages,
    concurrency,
    async (stage: PipelineStage) => {
      const end = await runStage(stage, work);
      if ('datakit' in end) {
        results.push(end);
        await tellEnd({ project: stage.project, outcome: 'done' }, end.reports);
        return true;
      }
      failures.push(end);
      await tellEnd({ project: stage.project, outcome: 'failed' });
      return false;
    },
    async (stage, because) => {
      output.line(`${stage.project}: skipped, because ${because} did not succeed.`);
      await tellEnd({ project: stage.project, outcome: 'skipped', because });
    },
  );
  output.line(layerSummary(results));
  const done = [...outcomes.values()].filter(({ kind }) => kind === 'done').length;
  const [first] = failures;
  if (first) throw failureOf(first, stages.length - done, stages.length);
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
