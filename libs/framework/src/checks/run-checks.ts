import type { Engine } from '../engines/engine.ts';
import type { Row, Session } from '../engines/session.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { countOf } from '../report/count-of.ts';
import type { Finding } from '../report/run-report.ts';
import type { Check } from './check.ts';
import type { CheckedTable } from './checked-table.ts';
import { failingKeys } from './failing-keys.ts';
import { scanTable } from './scan-table.ts';

/** How checks are run. */
export interface RunChecksOptions {
  /** So many keys of failing rows are read for each check that fails; none unless told otherwise. */
  readonly showKeys?: number;
  /** The table has the primary key that it should have, so that nothing need be looked for that the key rules out. */
  hasItsKey(table: CheckedTable): boolean;
}

/** A check that does not hold. */
export interface FailedCheck {
  readonly finding: Finding;
  /** Keys of some failing rows (`film_id=5`), only where they were asked for: they are data. */
  readonly keys: readonly string[];
}

/** What one check came to. */
export interface Outcome {
  readonly check: Check;
  /** For people: `3 of 1,000 rows`. */
  readonly found: string;
  /** Rows that fail, where rows fail and not the table. */
  readonly failed?: number;
}

/**
 * Runs checks, with one scan for all checks of a table that go row by row. Reads only.
 *
 * @returns those that do not hold
 * @throws TARGET_FAILED for SQL of the datakit's own that the target refuses
 */
export async function runChecks(
  checks: readonly Check[],
  engine: Engine,
  session: Session,
  options: RunChecksOptions,
): Promise<FailedCheck[]> {
  const failed: FailedCheck[] = [];
  for (const table of new Set(checks.map((check) => check.table))) {
    const ofTable = checks.filter((check) => check.table === table);
    const outcomes = [
      ...(await explained(ofTable, () => scanTable(table, ofTable, engine, session))),
      ...(await runStatements(ofTable, session, options)),
    ];
    for (const outcome of outcomes.toSorted((a, b) => checks.indexOf(a.check) - checks.indexOf(b.check))) {
      const keys = options.showKeys ? await failingKeys(outcome.check, options.showKeys, engine, session) : [];
      failed.push({ finding: findingOf(outcome), keys });
    }
  }
  return failed;
}

async function runStatements(
  checks: readonly Check[],
  session: Session,
  { hasItsKey }: RunChecksOptions,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const check of checks) {
    const { way } = check;
    if (way.by !== 'statement' || (way.isGuaranteed && hasItsKey(check.table))) continue;
    const [row] = await explained([check], () => session.query<Row>(way.countQuery));
    const failed = Number(row?.['failed']);
    if (failed > 0) outcomes.push({ check, failed, found: way.found?.(row!) ?? countOf(failed, 'row') });
  }
  return outcomes;
}

function findingOf({ check, found, failed }: Outcome): Finding {
  const { kind, severity, object, problem, expected } = check;
  return { check: kind, severity, object, kind: problem, expected, found, ...(failed === undefined ? {} : { failed }) };
}

/** The server names a place in a statement that nobody has written; this names the expectations it was made from. */
async function explained<Result>(checks: readonly Check[], work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const own = checks.filter((check) => check.hasOwnSql);
    if (!(error instanceof DatakitError) || error.code !== 'TARGET_FAILED' || own.length === 0) throw error;
    throw new DatakitError({
      code: 'TARGET_FAILED',
      message: `The expectations of "${own[0]!.table.name}" cannot be evaluated: ${error.message}`,
      hint: `Look at the SQL in ${[...new Set(own.map((check) => `${check.kind} (${check.object})`))].join(', ')}.`,
      cause: error,
    });
  }
}
