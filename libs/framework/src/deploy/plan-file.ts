import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatakitError } from '../errors/datakit-error.ts';
import type { DeployPlan, PlannedStatement } from './deploy-plan.ts';
import { describeStatement, describeStatements } from './describe-plan.ts';
import { planHash } from './plan-hash.ts';

/** A plan as it was written to be reviewed. */
export interface PlanFile {
  readonly path: string;
  readonly hash: string;
  readonly modelFingerprint: string;
  readonly liveFingerprint: string;
  readonly statements: readonly PlannedStatement[];
}

const firstLine = '-- datakit plan 1';
const statementLine = /\n\n-- \[\d+\/\d+\]\n/;

/** The text of a plan for people to read and for {@link readPlanFile}: SQL with comments. */
export function planFileText(plan: DeployPlan, target: string, engine: string): string {
  const count = plan.statements.length;
  const body = [
    `-- plan: ${plan.hash}`,
    `-- datakit: ${plan.datakit}`,
    `-- target: ${target} (${engine})`,
    `-- model: ${plan.modelFingerprint}`,
    `-- structure: ${plan.liveFingerprint}`,
    `-- ${describeStatements(plan.statements)}`,
    ...plan.statements.map((statement, index) => `\n-- [${index + 1}/${count}]\n${describeStatement(statement)}`),
    '',
  ].join('\n');
  return `${firstLine}, for "deploy --planDir"; one that was edited is refused\n-- checksum: ${checksum(body)}\n${body}`;
}

/** @throws OUTPUT_UNWRITABLE */
export function writePlanFile(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    throw new DatakitError({
      code: 'OUTPUT_UNWRITABLE',
      message: `The plan cannot be written to ${path} (${(error as NodeJS.ErrnoException).code}).`,
      hint: 'Give --planDir a folder that can be written.',
      cause: error,
    });
  }
}

/** @throws PLAN_INVALID for a file that is not there, is no plan, or was edited */
export function readPlanFile(path: string): PlanFile {
  const written = readText(path);
  // Version control may give every line the end that the system likes.
  const text = /^[^\n]*\r\n/.test(written) ? written.replaceAll('\r\n', '\n') : written;
  const [first = '', second = '', ...rest] = text.split('\n');
  if (!first.startsWith(firstLine)) {
    throw invalid(`${path} is not a plan that "deploy --plan --planDir" of this version wrote.`);
  }
  const body = rest.join('\n');
  const [header = '', ...statements] = body.replace(/\n$/, '').split(statementLine);
  const field = (name: string): string => new RegExp(`^-- ${name}: (.*)$`, 'm').exec(header)?.[1] ?? '';
  const file = {
    path,
    datakit: field('datakit'),
    hash: field('plan'),
    modelFingerprint: field('model'),
    liveFingerprint: field('structure'),
    statements: statements.map(readStatement),
  };
  // The hash holds for what is planned, the checksum for what people read beside it.
  if (second !== `-- checksum: ${checksum(body)}` || planHash(file) !== file.hash) {
    throw invalid(`${path} was edited after it was written.`);
  }
  return file;
}

/** The comments that come first are ours; all else is the statement. */
function readStatement(text: string): PlannedStatement {
  const lines = text.split('\n');
  const [, statementClass = '', object = ''] = /^-- (\w+): (.*)$/.exec(lines[0] ?? '') ?? [];
  const begin = (lines[1] ?? '').startsWith('--   ') ? 2 : 1;
  const sql = lines.slice(begin).join('\n').replace(/;$/, '');
  return { object, class: statementClass as PlannedStatement['class'], sql };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw invalid(
      code === 'ENOENT' ? `There is no plan ${path}.` : `The plan ${path} cannot be read (${code ?? 'unknown error'}).`,
    );
  }
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function invalid(message: string): DatakitError {
  return new DatakitError({
    code: 'PLAN_INVALID',
    message: `${message} Nothing was changed.`,
    hint: 'Write it again with the same command, the same --planDir, and --plan.',
  });
}
