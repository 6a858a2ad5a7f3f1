import { DatakitError } from '../errors/datakit-error.ts';
import type { Datakit } from '../model/datakit.ts';
import type { Finding } from '../report/run-report.ts';
import { compareTables } from '../structure/compare-structures.ts';
import { allStructures, entityName, expectedTables } from '../structure/expected-tables.ts';
import { expectedViews } from '../structure/expected-views.ts';
import { besideKeptStates } from '../structure/kept-history.ts';
import type { TargetDatabase } from '../targets/target-database.ts';
import { viewFindings } from './view-findings.ts';

/** What a validation found. */
export interface ValidateResult {
  readonly tables: number;
  readonly findings: readonly Finding[];
}

/**
 * Compares the tables and views of a target with what the datakit declares. Only looks: creates and repairs nothing.
 *
 * @throws NOT_DEPLOYED where the database or all of the tables are not there
 */
export async function validateTarget(datakit: Datakit, database: TargetDatabase): Promise<ValidateResult> {
  const { engine } = database;
  const expected = expectedTables(datakit, engine);
  const structures = allStructures(expected);
  if (!(await database.exists())) throw notDeployed(datakit, database, 'The database does not exist.');
  const session = await database.connect({ readOnly: true });
  try {
    const live = await database.engine.readTables(
      session,
      structures.map(({ table }) => table),
    );
    const views = expectedViews(datakit, database.engine);
    const ofViews = await viewFindings(views, database.engine, session);
    const noView = ofViews.filter(({ kind }) => kind === 'view missing').length === views.length;
    if (live.length === 0 && noView) throw notDeployed(datakit, database, 'None of its tables is there.');
    const liveByName = new Map(live.map((structure) => [structure.table.name, structure]));
    const findings = structures.flatMap((structure): Finding[] => {
      const found = liveByName.get(structure.table.name);
      const name = entityName(structure.table, datakit, engine);
      if (!found) return [finding(name, 'table missing', name, null)];
      return compareTables(besideKeptStates(structure, found, engine), found).map((difference) => ({
        ...finding(
          difference.object === '' ? name : `${name}.${difference.object}`,
          difference.kind,
          difference.expected,
          difference.found,
        ),
        severity: difference.harmless ? 'warn' : 'error',
      }));
    });
    return { tables: expected.length + views.length, findings: [...findings, ...ofViews] };
  } finally {
    await database.disconnect(session);
  }
}

function finding(object: string, kind: string, expected: string | null, found: string | null): Finding {
  return { check: 'structure', severity: 'error', object, kind, expected, found };
}

function notDeployed(datakit: Datakit, database: TargetDatabase, why: string): DatakitError {
  return new DatakitError({
    code: 'NOT_DEPLOYED',
    message: `"${datakit.name}" is not deployed to ${database.description}. ${why}`,
    hint: `Run "deploy" first.`,
  });
}
