import { setTimeout as sleep } from 'node:timers/promises';
import { DatakitError } from '../errors/datakit-error.ts';
import { cancelled } from './load-context.ts';

/** Seconds before the second, third and fourth attempt. */
const pausesSeconds = [1, 2, 4];

/** No attempt begins later after the first failure: whoever waits hears within a bound that nothing helps. */
const patienceMs = 30_000;

/** Told when a load is tried again: which attempt comes, and what ended the one before. */
export type OnRetry = (attempt: number, attempts: number, error: DatakitError) => void | Promise<void>;

/**
 * Does a load, again where a fault that passes ended it: a lost connection, a deadlock, a serialization failure.
 * What is done again must have the effect of being done once.
 *
 * @param work gets the number of the attempt, from 1
 * @throws the last error; CANCELLED when the run was stopped
 */
export async function retryLoad<Result>(
  work: (attempt: number) => Promise<Result>,
  signal: AbortSignal,
  onRetry: OnRetry,
): Promise<Result> {
  let firstFailure: number | undefined;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      const pause = pausesSeconds[attempt - 1];
      firstFailure ??= performance.now();
      if (pause === undefined || signal.aborted || !isTransient(error, attempt)) throw error;
      // Others that met the same fault do not come back at the same moment.
      const pauseMs = pause * 1000 * (0.5 + Math.random() / 2);
      if (performance.now() + pauseMs - firstFailure > patienceMs) throw error;
      await onRetry(attempt + 1, pausesSeconds.length + 1, error);
      await sleep(pauseMs, undefined, { signal }).catch((reason: unknown) => {
        throw cancelled(reason);
      });
    }
  }
}

/** A lock of somebody else was waited for already; after a lost connection it may be our own, which the server still holds. */
function isTransient(error: unknown, attempt: number): error is DatakitError {
  if (!(error instanceof DatakitError) || !error.retryable) return false;
  return error.code !== 'LOCKED' || attempt > 1;
}

/** True where the source and not the target was the reason. */
export function isOfSource(error: unknown): boolean {
  return error instanceof DatakitError && error.code.startsWith('SOURCE_');
}
