/** A signal for the work in hand, raised by the first Ctrl-C; a second one ends the process as usual. */
export interface AbortOnSignals extends Disposable {
  readonly signal: AbortSignal;
}

const exitSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ctrl-C in a terminal arrives twice in a task of Nx: from the terminal, and passed on by Nx. */
const sameSignalMs = 1_000;

/** Turns the first SIGINT, SIGTERM or SIGHUP into an abort, so that the work in hand can be rolled back. */
export function abortOnSignals(): AbortOnSignals {
  const controller = new AbortController();
  let firstAt: number | undefined;
  const stopListening = () => {
    for (const name of exitSignals) process.removeListener(name, onSignal);
  };
  const onSignal = (name: NodeJS.Signals) => {
    firstAt ??= performance.now();
    controller.abort();
    if (performance.now() - firstAt < sameSignalMs) return;
    stopListening();
    process.kill(process.pid, name);
  };
  for (const name of exitSignals) process.on(name, onSignal);
  return { signal: controller.signal, [Symbol.dispose]: stopListening };
}
