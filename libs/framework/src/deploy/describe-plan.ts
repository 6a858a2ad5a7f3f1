import { countOf } from '../report/count-of.ts';
import type { ReportedCost } from '../report/run-report.ts';
import type { DeployPlan, PlannedStatement } from './deploy-plan.ts';

/** What a statement costs, in one line: `rewrites about 1,000 rows; blocks reads and writes meanwhile (access exclusive)`. */
export function describeCost({ work, blocks, lock, rows }: ReportedCost): string {
  const many = rows === undefined ? 'all rows' : `about ${countOf(rows, 'row')}`;
  const does = work === 'none' ? 'changes only the catalogue' : `${work} ${many}`;
  const howLong = work === 'none' ? 'for a moment' : 'meanwhile';
  return blocks === 'nothing' ? `${does}; blocks nobody (${lock})` : `${does}; blocks ${blocks} ${howLong} (${lock})`;
}

/** How many statements of which class: `3 statements (2 additive, 1 destructive)`. */
export function describeStatements(statements: readonly PlannedStatement[]): string {
  if (statements.length === 0) return 'nothing to do';
  const counts = (['additive', 'altering', 'destructive'] as const).flatMap((each) => {
    const count = statements.filter((statement) => statement.class === each).length;
    return count === 0 ? [] : [`${count} ${each}`];
  });
  return `${countOf(statements.length, 'statement')} (${counts.join(', ')})`;
}

/** A statement as a plan shows it: SQL below comments that say what it does. */
export function describeStatement({ object, class: statementClass, sql, cost }: PlannedStatement): string {
  const lines = [`-- ${statementClass}: ${object}`, ...(cost ? [`--   ${describeCost(cost)}`] : []), `${sql};`];
  return lines.join('\n');
}

/** What has to be typed after a command so that it does this plan on a protected database. */
export function approvalOptions(plan: Pick<DeployPlan, 'hash' | 'destructive'>): string {
  return `--approve=${plan.hash}${destructiveOption(plan)}`;
}

/** The option that lets a plan lose what it would lose, with a space before it; nothing where it loses nothing. */
export function destructiveOption({ destructive }: Pick<DeployPlan, 'destructive'>): string {
  if (destructive.length === 0) return '';
  const names = destructive.join(',');
  return ` --allowDestructive=${/^[\w.,-]+$/.test(names) ? names : `'${names.replaceAll("'", String.raw`'\''`)}'`}`;
}
