import { v7 as uuidV7 } from 'uuid';
import { cleanUpRun, type CleanUpResult } from '../deploy/clean-up.ts';
import { deployTo, type DeployOptions, type DeployResult } from '../deploy/deploy.ts';
import { ingestInto } from '../ingest/ingest.ts';
import type { IngestOptions, IngestResult } from '../ingest/ingest-request.ts';
import type { Datakit } from '../model/datakit.ts';
import { findWorkspaceRoot } from '../settings/datakit-home.ts';
import { resolveTarget, type ResolvedTarget } from '../targets/resolve-target.ts';
import type { OpenOptions } from '../targets/open-place.ts';
import { TargetDatabase } from '../targets/target-database.ts';
import type { TargetRequest } from '../targets/target-definition.ts';
import { validateTarget, type ValidateOptions, type ValidateResult } from '../validate/validate.ts';

/** Every opened target is one run: what it creates carries this id, and `cleanUp` drops just that. */
const runIds = new WeakMap<TargetDatabase, string>();

function runIdOf(database: TargetDatabase): string {
  const known = runIds.get(database);
  if (known) return known;
  const runId = uuidV7();
  runIds.set(database, runId);
  return runId;
}

/**
 * Opens a target. Creates no database yet; starts the server where it is one of ours.
 *
 * @param target a name, options, or what `getTarget()` and `createTarget()` return
 * @throws TARGET_UNKNOWN, OPTION_INVALID, SERVER_FAILED, CONTAINER_FAILED
 * @example
 * ```ts
 * await using database = await openTarget('sqlite_memory');
 * ```
 */
export async function openTarget(
  target: string | TargetRequest | ResolvedTarget,
  options: OpenOptions = {},
): Promise<TargetDatabase> {
  if (typeof target === 'object' && 'where' in target) return TargetDatabase.open(target, options);
  const request = typeof target === 'string' ? { name: target } : target;
  return TargetDatabase.open(resolveTarget(request, { workspaceRoot: findWorkspaceRoot() }), options);
}

/**
 * Brings the tables of a datakit into a target.
 *
 * @throws DESTRUCTIVE, NOT_DISPOSABLE, LOCKED, IDENTIFIER, TYPE_UNSUPPORTED, DRIFT, TARGET_UNREACHABLE, AUTH_FAILED, TARGET_FAILED
 * @example
 * ```ts
 * const { applied, plan } = await deploy(datakit, database);
 * ```
 */
export function deploy(
  datakit: Datakit,
  database: TargetDatabase,
  options: Partial<DeployOptions> = {},
): Promise<DeployResult> {
  return deployTo(datakit, database, { runId: runIdOf(database), ...options });
}

/**
 * Compares a target with what a datakit declares: its tables with the entities, its rows with the expectations.
 * Changes nothing.
 *
 * @throws NOT_DEPLOYED, DATAKIT_INVALID for an expectation that makes no sense, TARGET_FAILED for SQL that is refused
 * @example
 * ```ts
 * const { findings } = await validate(datakit, database);
 * ```
 */
export function validate(
  datakit: Datakit,
  database: TargetDatabase,
  options: ValidateOptions = {},
): Promise<ValidateResult> {
  return validateTarget(datakit, database, options);
}

/**
 * Loads the tables of a bronze datakit from its source.
 *
 * @throws NOT_DEPLOYED, TABLE_UNKNOWN, CONTRACT, SOURCE_UNAVAILABLE, SOURCE_TABLE_UNKNOWN, SOURCE_UNREADABLE,
 * SOURCE_CHANGED, BAD_ROWS, LOCKED, OUTPUT_UNWRITABLE, CANCELLED
 * @example
 * ```ts
 * const { tables } = await ingest(datakit, database, { tables: ['film'] });
 * tables[0]?.loaded; // 1000
 * ```
 */
export function ingest(
  datakit: Datakit,
  database: TargetDatabase,
  options: Partial<IngestOptions> = {},
): Promise<IngestResult> {
  return ingestInto(datakit, database, { runId: runIdOf(database), ...options });
}

/**
 * Drops what was created through this opened target: the database itself, or the tables in one that was there before.
 *
 * @throws NOT_DISPOSABLE for a database that we did not make
 * @example
 * ```ts
 * await cleanUp(database);
 * ```
 */
export function cleanUp(database: TargetDatabase): Promise<CleanUpResult> {
  return cleanUpRun(database, runIdOf(database));
}
