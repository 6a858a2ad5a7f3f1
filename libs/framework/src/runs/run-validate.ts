import { DatakitError } from '../errors/datakit-error.ts';
import type { Datakit } from '../model/datakit.ts';
import { countOf } from '../report/count-of.ts';
import type { Output } from '../report/output.ts';
import type { ReportWriter } from '../report/report-writer.ts';
import type { Finding } from '../report/run-report.ts';
import type { TargetDatabase } from '../targets/target-database.ts';
import { validateTarget } from '../validate/validate.ts';
import { findingLine } from './finding-line.ts';
import type { RunRequest } from './run-request.ts';

/**
 * Validates one datakit and names each finding.
 *
 * @throws DRIFT when a difference of structure is of a severity that fails the run, CHECK_FAILED when an expectation is
 */
export async function runValidate(
  datakit: Datakit,
  database: TargetDatabase,
  request: RunRequest,
  report: ReportWriter,
  output: Output,
): Promise<void> {
  const { checks, showKeys, failOn } = request.options;
  const { tables, findings, keys } = await validateTarget(datakit, database, {
    ...(checks ? { checks } : {}),
    ...(showKeys === undefined ? {} : { showKeys }),
  });
  await report.update({ findings });
  for (const finding of findings) {
    output.line(findingLine(finding));
    for (const key of keys.get(finding) ?? []) output.line(`  ${key}`);
  }
  const failing = findings.filter(({ severity }) => severity === 'error' || failOn === 'warn');
  if (failing.length > 0) throw failure(failing, datakit, database);
  const warnings = findings.length > 0 ? `, with ${countOf(findings.length, 'warning')}` : '';
  output.line(
    `${datakit.name} is valid on ${database.description}: ${countOf(tables, 'table')} as declared${warnings}.`,
  );
}

function failure(failing: readonly Finding[], datakit: Datakit, database: TargetDatabase): DatakitError {
  const details = { findings: failing.length };
  if (failing.some(({ check }) => check === 'structure')) {
    return new DatakitError({
      code: 'DRIFT',
      message: `${datakit.name} differs on ${database.description}: ${countOf(failing.length, 'finding')}.`,
      hint: '"deploy --plan" shows what would mend what is ours; what somebody else changed is theirs to mend.',
      details,
    });
  }
  return new DatakitError({
    code: 'CHECK_FAILED',
    message: `The rows of ${datakit.name} on ${database.description} are not as expected: ${countOf(failing.length, 'finding')}.`,
    hint: 'Run "validate --showKeys=10" to see the keys of rows that fail.',
    details,
  });
}
