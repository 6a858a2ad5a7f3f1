import { DatakitError } from '../errors/datakit-error.ts';
import type { Datakit } from '../model/datakit.ts';
import { countOf } from '../report/count-of.ts';
import type { Output } from '../report/output.ts';
import type { ReportWriter } from '../report/report-writer.ts';
import type { TargetDatabase } from '../targets/target-database.ts';
import { validateTarget } from '../validate/validate.ts';
import type { RunRequest } from './run-request.ts';

/** Validates one datakit and names each finding. @throws DRIFT when one is of a severity that fails the run */
export async function runValidate(
  datakit: Datakit,
  database: TargetDatabase,
  request: RunRequest,
  report: ReportWriter,
  output: Output,
): Promise<void> {
  const { tables, findings } = await validateTarget(datakit, database);
  await report.update({ findings });
  for (const { severity, object, kind, expected, found } of findings) {
    output.line(`${severity}: ${object}: ${kind}; expected ${expected ?? 'nothing'}, found ${found ?? 'nothing'}`);
  }
  const failing = findings.filter(({ severity }) => severity === 'error' || request.options.failOn === 'warn');
  if (failing.length > 0) {
    throw new DatakitError({
      code: 'DRIFT',
      message: `${datakit.name} differs on ${database.description}: ${countOf(failing.length, 'finding')}.`,
      hint: '"deploy --plan" shows what would mend what is ours; what somebody else changed is theirs to mend.',
      details: { findings: failing.length },
    });
  }
  output.line(`${datakit.name} is valid on ${database.description}: ${countOf(tables, 'table')} as declared.`);
}
