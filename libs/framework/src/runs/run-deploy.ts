import { isAbsolute, join, relative, resolve } from 'node:path';
import { deployTo, type DeployResult } from '../deploy/deploy.ts';
import { approvalOptions, describeStatement, describeStatements, destructiveOption } from '../deploy/describe-plan.ts';
import type { DeployPlan } from '../deploy/deploy-plan.ts';
import { planFileText, writePlanFile } from '../deploy/plan-file.ts';
import { RefusedPlan } from '../deploy/refused-plan.ts';
import type { Datakit } from '../model/datakit.ts';
import { countOf } from '../report/count-of.ts';
import type { Output } from '../report/output.ts';
import type { ReportWriter } from '../report/report-writer.ts';
import type { TargetDatabase } from '../targets/target-database.ts';
import { shellWord } from './deploy-command.ts';
import type { RunRequest, Step } from './run-request.ts';

/** Deploys one datakit and tells what was done. @throws what deployments throw, and DRIFT from `--validate` */
export async function runDeploy(
  datakit: Datakit,
  database: TargetDatabase,
  step: Pick<Step, 'project' | 'command'>,
  request: RunRequest,
  report: ReportWriter,
  output: Output,
): Promise<void> {
  const { options, runId } = request;
  const isPlan = options.plan ?? false;
  const planFile = planFilePath(step.project, database.name, request);
  const command = `${step.command ?? 'deploy'}${planDirOption(request)}`;
  const show = async (plan: DeployPlan): Promise<void> => {
    await report.update({ plan: { hash: plan.hash }, statements: plan.statements });
    if (plan.statements.length > 0) output.line(plan.statements.map(describeStatement).join('\n'));
  };
  let result: DeployResult;
  try {
    result = await deployTo(datakit, database, {
      runId,
      command,
      plan: isPlan,
      recreate: options.recreate ?? false,
      ...(planFile === undefined || isPlan ? {} : { planFile }),
      ...(options.approve ? { approve: options.approve } : {}),
      ...(options.allowDestructive ? { allowDestructive: options.allowDestructive } : {}),
      ...(options.timeToLive === undefined ? {} : { timeToLive: options.timeToLive }),
      ...(options.lockTimeout === undefined ? {} : { lockTimeout: options.lockTimeout }),
    });
  } catch (error) {
    if (error instanceof RefusedPlan) await show(error.plan);
    throw error;
  }
  const { plan, applied, createdDatabase, isProtected } = result;
  if (isPlan) {
    output.line(
      `Plan ${plan.hash} for ${datakit.name} on ${database.description}: ${describeStatements(plan.statements)}; nothing was changed.`,
    );
    await show(plan);
    if (planFile !== undefined) {
      writePlanFile(planFile, planFileText(plan, database.name, database.engine.name));
      output.line(`Written to ${relative(request.workspaceRoot, planFile)}.`);
    }
    if (plan.statements.length === 0) return;
    output.line(`To do it: ${command}${isProtected ? ` ${approvalOptions(plan)}` : destructiveOption(plan)}`);
    return;
  }
  await report.update({ plan: { hash: plan.hash }, statements: plan.statements });
  if (createdDatabase) output.line(`Created the database of ${database.description}; it is marked disposable.`);
  output.line(
    applied
      ? `Deployed ${datakit.name} to ${database.description}: ${countOf(plan.newTables.length, 'new table')}, ${countOf(plan.statements.length, 'statement')}.`
      : `${datakit.name} is up to date on ${database.description}.`,
  );
  if (!options.validate) return;
  const { runValidate } = await import('./run-validate.ts');
  // The tables may well be empty yet, so their rows are not looked at.
  const ofStructure = { ...request, options: { ...options, checks: ['structure'] as const } };
  await runValidate(datakit, database, ofStructure, report, output);
}

/** One file for each datakit and target: `plans/bronze-pagila.production.plan.sql`. */
function planFilePath(project: string, target: string, { options, workspaceRoot }: RunRequest): string | undefined {
  if (options.planDir === undefined) return undefined;
  const folder = isAbsolute(options.planDir) ? options.planDir : resolve(workspaceRoot, options.planDir);
  return join(folder, `${[project, target].map((name) => name.replaceAll(/[^\w-]+/g, '-')).join('.')}.plan.sql`);
}

function planDirOption({ options }: RunRequest): string {
  return options.planDir === undefined ? '' : ` --planDir=${shellWord(options.planDir)}`;
}
