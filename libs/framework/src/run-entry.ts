/** What runs operations: for the Nx executors and the command line. Everything heavy inside loads when it is needed. */
export { abortOnSignals, type AbortOnSignals } from './report/abort-on-signals.ts';
export { consoleOutput } from './report/console-output.ts';
export { capturedOutput, type Output } from './report/output.ts';
export type { RunReport } from './report/run-report.ts';
export { startRun, type Run } from './runs/start-run.ts';
export { datakitHome } from './settings/datakit-home.ts';
