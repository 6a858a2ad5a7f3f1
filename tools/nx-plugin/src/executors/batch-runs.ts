import type { ExecutorContext } from '@nx/devkit';
import { formatError, toDatakitError, type RunRequest } from '@datakit/framework/options';
import type * as Runs from '@datakit/framework/runs';
import type { Outcome } from './run-outcomes.ts';
import { readRunRequest, requestFor } from './run-request.ts';
import { stepFor } from './run-operation.ts';
import type { OrderedTask } from './task-order.ts';

/**
 * The runs of one batch. Tasks with the same request share one, and with it the opened target; more than one is
 * needed where `project.json` or the difference between named and upstream tasks asks for something of its own.
 */
export class BatchRuns {
  readonly request: RunRequest = readRunRequest();
  readonly #framework: typeof Runs;
  readonly #context: ExecutorContext;
  readonly #signals: Runs.AbortOnSignals;
  readonly #runs = new Map<string, Runs.Run>();

  constructor(framework: typeof Runs, context: ExecutorContext) {
    this.#framework = framework;
    this.#context = context;
    this.#signals = framework.abortOnSignals();
  }

  /** Does one task; what goes wrong is in the outcome. */
  async do({ task, operation }: OrderedTask): Promise<Outcome> {
    if (this.#signals.signal.aborted) return { success: false, text: 'CANCELLED: the run was stopped by a signal.\n' };
    const output = this.#framework.capturedOutput();
    try {
      const request = requestFor(task, operation, this.request, this.#context);
      const run = this.#runFor(request);
      const report = await run.step(stepFor(task, operation, this.#context, request), output);
      return { success: report.status === 'succeeded', text: output.text() };
    } catch (error) {
      return { success: false, text: output.text() + errorText(error, operation) };
    }
  }

  /** Ends all runs. Returns what went wrong, as text; nothing where all went well. */
  async end(): Promise<string> {
    let text = '';
    for (const run of this.#runs.values()) {
      try {
        await run[Symbol.asyncDispose]();
      } catch (error) {
        text += errorText(error, 'the end of the run');
      }
    }
    this.#runs.clear();
    this.#signals[Symbol.dispose]();
    // The process of a batch waits for Nx to end it, and an Nx that was stopped does so only after five seconds.
    if (this.#signals.signal.aborted) setTimeout(() => process.exit(130), 100);
    return text;
  }

  #runFor(request: RunRequest): Runs.Run {
    const key = JSON.stringify(request);
    const run = this.#runs.get(key) ?? this.#framework.startRun(request, this.#signals.signal);
    this.#runs.set(key, run);
    return run;
  }
}

function errorText(error: unknown, whileDoing: string): string {
  return `${formatError(toDatakitError(error, whileDoing))}\n`;
}
