import { isAbsolute, resolve } from 'node:path';
import type { CleanUpResult } from '../deploy/clean-up.ts';
import { discoverDatakit } from '../discovery/discover-datakit.ts';
import { DatakitError, formatError, toDatakitError } from '../errors/datakit-error.ts';
import { countOf } from '../report/count-of.ts';
import type { Output } from '../report/output.ts';
import { ReportWriter } from '../report/report-writer.ts';
import type { RunReport } from '../report/run-report.ts';
import { datakitHome } from '../settings/datakit-home.ts';
import type { Datakit } from '../model/datakit.ts';
import { resolveTarget, type ResolvedTarget } from '../targets/resolve-target.ts';
import { TargetDatabase } from '../targets/target-database.ts';
import type { RunRequest, Step } from './run-request.ts';

/** One command's work in this process: its steps share one opened target. */
export interface Run extends AsyncDisposable {
  /** Does one step and writes its report. Never throws: what went wrong is in the report. */
  step(step: Step, output: Output): Promise<RunReport>;
  /** Drops what `--cleanup` must drop, closes the target and gives back the servers that we started. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a run. Opens nothing yet: the first step does.
 * @param signal stops the work in hand; it is rolled back, and the report says `cancelled`
 */
export function startRun(request: RunRequest, signal: AbortSignal = new AbortController().signal): Run {
  return new TargetRun(request, signal);
}

class TargetRun implements Run {
  readonly #request: RunRequest;
  readonly #signal: AbortSignal;
  readonly #deployedInMemory = new Set<string>();
  #target: ResolvedTarget | undefined;
  #database: Promise<TargetDatabase> | undefined;
  #mayCleanUp = false;
  #output: Output | undefined;

  constructor(request: RunRequest, signal: AbortSignal) {
    this.#request = request;
    this.#signal = signal;
  }

  async step(step: Step, output: Output): Promise<RunReport> {
    this.#output = output;
    return this.#reported(step, this.#request, output);
  }

  async #reported(step: Step, request: RunRequest, output: Output): Promise<RunReport> {
    const extraFile = request.options.reportFile;
    const subject = {
      runId: request.runId,
      project: step.project,
      operation: step.operation,
      target: request.target.name ?? request.defaultTarget ?? 'custom',
    };
    const report = new ReportWriter(
      subject,
      datakitHome(request.workspaceRoot),
      extraFile === undefined || isAbsolute(extraFile) ? extraFile : resolve(request.workspaceRoot, extraFile),
    );
    let failure: DatakitError | undefined;
    try {
      await report.start();
      this.#refuseWhenStopped();
      await this.#do(step, request, report, output);
    } catch (error) {
      if (process.env['DATAKIT_DEBUG']) console.error(error);
      failure = toDatakitError(error, `${step.operation} of ${step.project}`);
      output.line(formatError(failure));
    }
    const status = !failure ? 'succeeded' : failure.code === 'CANCELLED' ? 'cancelled' : 'failed';
    try {
      await report.finish(status, failure);
    } catch (error) {
      // A report that cannot be written is said once; it must not hide what the step itself ended with.
      if (failure?.code !== 'OUTPUT_UNWRITABLE') output.line(formatError(toDatakitError(error, 'writing the report')));
      return { ...report.report, status: status === 'succeeded' ? 'failed' : status };
    }
    return report.report;
  }

  async #do(step: Step, request: RunRequest, report: ReportWriter, output: Output): Promise<void> {
    // Each operation loads when it is asked for: a deployment needs no source, and a list of targets neither.
    if (step.operation === 'targets') return (await import('./run-targets.ts')).runTargets(request, output);
    this.#target ??= resolveTarget(request.target, request);
    await report.update({ target: this.#target.name } as Partial<RunReport>);
    if (step.operation === 'pipeline') {
      const database = await this.#open();
      const { runPipeline } = await import('./pipeline/run-pipeline.ts');
      return runPipeline(step, request, database, report, output, (...each) => this.#reported(...each));
    }
    const datakit = await discoverDatakit(step.root);
    return this.#doOnDatakit(step, datakit, await this.#open(), request, report, output);
  }

  async #doOnDatakit(
    step: Step,
    datakit: Datakit,
    database: TargetDatabase,
    request: RunRequest,
    report: ReportWriter,
    output: Output,
  ): Promise<void> {
    if (database.inMemory) await this.#prepareInMemory(step, database, report, output);
    switch (step.operation) {
      case 'deploy': {
        this.#deployedInMemory.add(step.root);
        const { runDeploy } = await import('./run-deploy.ts');
        return database.interruptedBy(this.#signal, () => runDeploy(datakit, database, step, request, report, output));
      }
      case 'validate': {
        const { runValidate } = await import('./run-validate.ts');
        return database.interruptedBy(this.#signal, () => runValidate(datakit, database, request, report, output));
      }
      case 'ingest': {
        if (step.isUpstream && request.options.upstream !== 'all') {
          const { whyLoad } = await import('./pipeline/stage-reasons.ts');
          if ((await whyLoad(datakit, database)) === undefined) {
            return output.line(`The loads of ${datakit.name} are still good; --upstream=all makes them again.`);
          }
        }
        const { runIngest } = await import('./run-ingest.ts');
        return runIngest(datakit, database, request, report, output, this.#signal);
      }
      case 'targets':
      case 'pipeline':
        throw new TypeError(`${step.operation} is not about one datakit`);
    }
  }

  async #open(): Promise<TargetDatabase> {
    this.#database ??= TargetDatabase.open(this.#target as ResolvedTarget, {
      keep: this.#request.options.keep ?? false,
      ...(this.#request.isShared ? { partOf: { runId: this.#request.runId, signal: this.#signal } } : {}),
      onNote: (note) => this.#output?.line(note),
    });
    const database = await this.#database.catch((error: unknown) => {
      this.#database = undefined;
      throw error;
    });
    if (this.#request.options.cleanup && !this.#mayCleanUp) {
      const { checkCleanUp } = await import('../deploy/disposable.ts');
      await checkCleanUp(database);
      this.#mayCleanUp = true;
    }
    return database;
  }

  /** A database in memory starts empty in every process, so each operation first makes what it stands on. */
  async #prepareInMemory(step: Step, database: TargetDatabase, report: ReportWriter, output: Output): Promise<void> {
    const needed = step.operation === 'deploy' ? step.upstream : [...step.upstream, step.root];
    for (const root of needed) {
      if (this.#deployedInMemory.has(root)) continue;
      this.#deployedInMemory.add(root);
      const datakit = await discoverDatakit(root);
      const { deployTo } = await import('../deploy/deploy.ts');
      await deployTo(datakit, database, { runId: this.#request.runId });
      const loadsUpstream = step.operation === 'ingest' && root !== step.root;
      if (!loadsUpstream) continue;
      const { runIngest } = await import('./run-ingest.ts');
      await runIngest(datakit, database, this.#request, report, output, this.#signal);
    }
  }

  #refuseWhenStopped(): void {
    if (!this.#signal.aborted) return;
    throw new DatakitError({ code: 'CANCELLED', message: 'The run was stopped before this step began.' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const database = await this.#database?.catch(() => undefined);
    if (!database) return;
    try {
      if (this.#mayCleanUp) {
        const { cleanUpRun } = await import('../deploy/clean-up.ts');
        this.#output?.line(cleanUpLine(await cleanUpRun(database, this.#request.runId), database));
      }
    } finally {
      await database[Symbol.asyncDispose]();
    }
  }
}

function cleanUpLine({ droppedDatabase, droppedTables }: CleanUpResult, database: TargetDatabase): string {
  if (droppedDatabase) return `Cleaned up: dropped the database of ${database.description}.`;
  if (droppedTables.length > 0)
    return `Cleaned up: dropped ${countOf(droppedTables.length, 'table')} from ${database.description}.`;
  return `Nothing to clean up on ${database.description}: all of it was there before this command.`;
}
