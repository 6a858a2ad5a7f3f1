import type { Datakit } from '../model/datakit.ts';
import type { Output } from '../report/output.ts';
import type { ReportWriter } from '../report/report-writer.ts';
import type { TargetDatabase } from '../targets/target-database.ts';
import { validateTarget } from '../validate/validate.ts';
import type { RunRequest } from './run-request.ts';

/** Validates one datakit and names each finding. @returns true when no finding is of a severity that fails the run */
export async function runValidate(
  datakit: Datakit,
  database: TargetDatabase,
  request: RunRequest,
  report: ReportWriter,
  output: Output,
): Promise<boolean> {
  const { tables, findings } = await validateTarget(datakit, database);
  await report.update({ findings });
  for (const { severity, object, kind, expected, found } of findings) {
    output.line(`${severity}: ${object}: ${kind}; expected ${expected ?? 'nothing'}, found ${found ?? 'nothing'}`);
  }
  const failing = findings.filter(({ severity }) => severity === 'error' || request.options.failOn === 'warn');
  output.line(
    failing.length === 0
      ? `${datakit.name} is valid on ${database.description}: ${tables} tables as declared.`
      : `${datakit.name} differs on ${database.description}: ${failing.length} ${failing.length === 1 ? 'finding' : 'findings'}.`,
  );
  return failing.length === 0;
}
