import { constants } from 'node:os';

/** A signal for the work in hand, raised by the first Ctrl-C; a second one ends the process as usual. */
export interface AbortOnSignals extends Disposable {
  readonly signal: AbortSignal;
  /** What a shell expects of a process that a signal ended, 130 for Ctrl-C and 143 for SIGTERM; undefined while there was none. */
  readonly exitCode: number | undefined;
}

const exitSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ctrl-C in a terminal arrives twice in a task of Nx: from the terminal, and passed on by Nx. */
const sameSignalMs = 1_000;

/** How long the work in hand may take to end in order. */
const graceMs = 10_000;

/**
 * Turns the first SIGINT, SIGTERM or SIGHUP into an abort, so that the work in hand can be rolled back. What has not ended
 * 10 s later, or at a second signal, ends as processes do.
 */
export function abortOnSignals(): AbortOnSignals {
  const controller = new AbortController();
  let firstAt: number | undefined;
  let exitCode: number | undefined;
  let tooLong: NodeJS.Timeout | undefined;
  const stopListening = () => {
    clearTimeout(tooLong);
    for (const name of exitSignals) process.removeListener(name, onSignal);
  };
  const endAsUsual = (name: NodeJS.Signals) => {
    stopListening();
    process.kill(process.pid, name);
  };
  const onSignal = (name: NodeJS.Signals) => {
    firstAt ??= performance.now();
    exitCode ??= 128 + constants.signals[name];
    tooLong ??= setTimeout(() => endAsUsual(name), graceMs).unref();
    controller.abort();
    if (performance.now() - firstAt >= sameSignalMs) endAsUsual(name);
  };
  for (const name of exitSignals) process.on(name, onSignal);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    [Symbol.dispose]: stopListening,
  };
}
