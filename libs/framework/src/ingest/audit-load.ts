import type { Check } from '../checks/check.ts';
import { runChecks } from '../checks/run-checks.ts';
import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { countOf } from '../report/count-of.ts';
import type { LoadContext } from './load-context.ts';
import type { TableContract } from './source-contract.ts';

/** What an audit needs to know of the load. */
export type AuditContext = Pick<LoadContext, 'engine' | 'checks' | 'loading' | 'order' | 'onFindings'>;

/**
 * Holds the rows of a load against the expectations of their table, inside of its transaction: readers never see rows
 * that fail one of severity `error`. Freshness is left to `validate`: old rows are not wrong ones.
 *
 * @throws CHECK_FAILED naming each expectation that does not hold, with counts and without values
 */
export async function auditLoad(
  { table }: Pick<TableContract, 'table'>,
  context: AuditContext,
  session: Session,
): Promise<void> {
  const { engine } = context;
  const checks: Check[] = [];
  for (const check of context.checks) {
    if (check.table.name !== table.name || check.kind === 'freshness') continue;
    if (!(await waitsForOthers(check, context, engine, session))) checks.push(check);
  }
  if (checks.length === 0) return;
  // The table was compared with its entity before the first load.
  const failed = await runChecks(checks, engine, session, { hasItsKey: () => true });
  if (failed.length === 0) return;
  const findings = failed.map(({ finding }) => finding);
  await context.onFindings(findings);
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  const lines = errors.map(
    ({ object, kind, expected, found }) => `- ${object}: ${kind}; expected ${expected ?? ''}, found ${found ?? ''}`,
  );
  throw new DatakitError({
    code: 'CHECK_FAILED',
    message: `The rows of "${table.name}" are not as expected (${countOf(errors.length, 'expectation')}); nothing of this load was published:\n${lines.join('\n')}`,
    hint: 'Mend the rows in the source, or the expectation; severity "warn" reports without refusing.',
    details: { table: table.name, findings: errors },
  });
}

/**
 * A check that looks at another table needs the rows that belong to the same moment: where that one is loaded by the
 * same ingest, that load comes first. Where that table waits for this one, or never was loaded, the check is left to
 * `validate`.
 */
async function waitsForOthers(check: Check, context: AuditContext, engine: Engine, session: Session): Promise<boolean> {
  for (const { table } of check.needs) {
    if (table.name === check.table.structure.table.name && table.schema === check.table.structure.table.schema)
      continue;
    const isOurs = table.schema === check.table.structure.table.schema && context.loading.has(table.name);
    if (isOurs && !context.order?.comesAfter(check.table.structure.table.name, table.name)) return true;
    if ((await engine.readTables(session, [table])).length === 0) return true;
    const rows = await session.query(`select 1 as one from ${engine.quoteTable(table)} limit 1`);
    if (rows.length === 0) return true;
  }
  return false;
}
