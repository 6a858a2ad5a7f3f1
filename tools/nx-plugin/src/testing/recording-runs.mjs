// Stands in for `@datakit/framework/runs` in a scratch workspace; FRAMEWORK is replaced by the folder of the sources.
import { appendFileSync } from 'node:fs';

export { abortOnSignals } from 'FRAMEWORK/report/abort-on-signals.ts';
export { consoleOutput } from 'FRAMEWORK/report/console-output.ts';
export { capturedOutput } from 'FRAMEWORK/report/output.ts';
export { datakitHome } from 'FRAMEWORK/settings/datakit-home.ts';

export function startRun(request, signal) {
  return {
    async step({ operation, project, upstream, isUpstream = false }, output) {
      const { isTerminal } = output;
      const call = { process: process.pid, operation, project, upstream, isUpstream, isTerminal, request };
      appendFileSync(process.env.RECORDED_CALLS, `${JSON.stringify(call)}\n`);
      output.line(`${project}: ${operation} was run`);
      if (process.env.RECORDED_WAIT) {
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        output.line('was cancelled');
        return { status: 'cancelled' };
      }
      const fails = process.env.RECORDED_FAILURE === `${project}:${operation}`;
      return { status: fails ? 'failed' : 'succeeded' };
    },
    async [Symbol.asyncDispose]() {
      appendFileSync(`${process.env.RECORDED_CALLS}.ends`, 'end\n');
      if (process.env.RECORDED_END_FAILURE) throw new Error('row 1: secret value');
    },
  };
}
