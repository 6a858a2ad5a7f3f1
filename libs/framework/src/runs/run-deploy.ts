import { deployTo } from '../deploy/deploy.ts';
import type { Datakit } from '../model/datakit.ts';
import { countOf } from '../report/count-of.ts';
import type { Output } from '../report/output.ts';
import type { ReportWriter } from '../report/report-writer.ts';
import type { TargetDatabase } from '../targets/target-database.ts';
import type { RunRequest } from './run-request.ts';

/** Deploys one datakit and tells what was done. @throws what deployments throw, and DRIFT from `--validate` */
export async function runDeploy(
  datakit: Datakit,
  database: TargetDatabase,
  request: RunRequest,
  report: ReportWriter,
  output: Output,
): Promise<void> {
  const { options, runId } = request;
  const { plan, applied, createdDatabase } = await deployTo(datakit, database, {
    runId,
    plan: options.plan ?? false,
    recreate: options.recreate ?? false,
    ...(options.allowDestructive ? { allowDestructive: options.allowDestructive } : {}),
    ...(options.lockTimeout === undefined ? {} : { lockTimeout: options.lockTimeout }),
  });
  await report.update({ statements: plan.statements });
  if (createdDatabase) output.line(`Created the database of ${database.description}; it is marked disposable.`);
  if (options.plan) {
    output.line(
      `Plan for ${datakit.name} on ${database.description}: ${countOf(plan.statements.length, 'statement')}; nothing was changed.`,
    );
    for (const statement of plan.statements)
      output.line(`-- ${statement.class}: ${statement.object}\n${statement.sql};`);
  } else if (applied) {
    output.line(
      `Deployed ${datakit.name} to ${database.description}: ${countOf(plan.newTables.length, 'new table')}, ${countOf(plan.statements.length, 'statement')}.`,
    );
  } else {
    output.line(`${datakit.name} is up to date on ${database.description}.`);
  }
  if (!options.validate || options.plan) return;
  const { runValidate } = await import('./run-validate.ts');
  await runValidate(datakit, database, request, report, output);
}
