import { compileChecks } from '../checks/compile-checks.ts';
import type { FailedCheck } from '../checks/run-checks.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import type { Datakit } from '../model/datakit.ts';
import type { Finding } from '../report/run-report.ts';
import { allStructures, expectedTables } from '../structure/expected-tables.ts';
import { expectedViews } from '../structure/expected-views.ts';
import type { TargetDatabase } from '../targets/target-database.ts';
import { ageFindings } from './age-findings.ts';
import { checkData } from './check-data.ts';
import { grantFindings } from './grant-findings.ts';
import { quarantineFindings } from './quarantine-findings.ts';
import { structureFindings } from './structure-findings.ts';
import { viewFindings } from './view-findings.ts';

/** What can be validated: tables against entities, rows against expectations, the age of the newest rows. */
export const validationChecks = ['structure', 'data', 'freshness'] as const;
export type ValidationCheck = (typeof validationChecks)[number];

/** How a validation is done. */
export interface ValidateOptions {
  /** All of them unless told otherwise. */
  readonly checks?: readonly ValidationCheck[];
  /** Read the keys of so many failing rows of each check; none unless told otherwise, because keys are data. */
  readonly showKeys?: number;
}

/** What a validation found. */
export interface ValidateResult {
  readonly tables: number;
  readonly findings: readonly Finding[];
  /** Keys of failing rows by finding, where they were asked for. */
  readonly keys: ReadonlyMap<Finding, readonly string[]>;
}

/**
 * Compares the tables, views and rows of a target with what the datakit declares. Only looks: creates and repairs nothing.
 *
 * @throws NOT_DEPLOYED where the database or all of the tables are not there
 * @throws DATAKIT_INVALID for an expectation that makes no sense, before anything is read
 * @throws TARGET_FAILED for SQL of an expectation that the target refuses
 */
export async function validateTarget(
  datakit: Datakit,
  database: TargetDatabase,
  { checks = validationChecks, showKeys = 0 }: ValidateOptions = {},
): Promise<ValidateResult> {
  const { engine } = database;
  const tables = expectedTables(datakit, engine);
  const views = expectedViews(datakit, engine);
  const structures = allStructures(tables);
  const checked = [
    ...tables,
    ...views.map(({ name, definition, entity, structure }) => ({
      ...{ name, definition, columns: entity.columns, columnsOfProperty: entity.columnsOfProperty },
      structure: { table: structure.view, primaryKey: [] },
    })),
  ];
  const wanted = compileChecks(checked, engine).filter(({ kind }) =>
    checks.includes(kind === 'freshness' ? 'freshness' : 'data'),
  );
  const session = await database.connectIfThere({ readOnly: true });
  if (!session) throw notDeployed(datakit, database, 'The database does not exist.');
  try {
    const live = await engine.readTables(
      session,
      structures.map(({ table }) => table),
    );
    const ofViews = await viewFindings(views, engine, session);
    const noView = ofViews.filter(({ kind }) => kind === 'view missing').length === views.length;
    if (live.length === 0 && noView) throw notDeployed(datakit, database, 'None of its tables is there.');
    const looksAtStructure = checks.includes('structure');
    const ofStructure = looksAtStructure
      ? [
          ...structureFindings(datakit, structures, live, engine),
          ...ofViews,
          ...(await grantFindings(datakit, engine, session)),
        ]
      : [];
    const failed = await checkData(wanted, engine, session, { live, checked, looksAtStructure, showKeys });
    const ofFlow = [
      ...(checks.includes('data') ? await quarantineFindings(datakit, engine, session) : []),
      ...(checks.includes('freshness') ? await ageFindings(datakit, engine, session) : []),
    ];
    return {
      tables: checked.length,
      findings: [...ofStructure, ...failed.map(({ finding }) => finding), ...ofFlow],
      keys: keysOf(failed),
    };
  } finally {
    await database.disconnect(session);
  }
}

function keysOf(failed: readonly FailedCheck[]): ReadonlyMap<Finding, readonly string[]> {
  return new Map(failed.filter(({ keys }) => keys.length > 0).map(({ finding, keys }) => [finding, keys]));
}

function notDeployed(datakit: Datakit, database: TargetDatabase, why: string): DatakitError {
  return new DatakitError({
    code: 'NOT_DEPLOYED',
    message: `"${datakit.name}" is not deployed to ${database.description}. ${why}`,
    hint: database.endsWithItsUsers
      ? 'Run "deploy --keep" first: without --keep the container ends with the command, and its data with it.'
      : 'Run "deploy" first.',
  });
}
