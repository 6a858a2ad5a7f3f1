import { DatakitError } from '../errors/datakit-error.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { TargetDatabase } from '../targets/target-database.ts';

/**
 * Refuses `--cleanup` where it may not happen, before anything is made that would have to be cleaned up.
 * @throws NOT_DISPOSABLE for a protected target, and for a database that exists and was not made by us
 */
export async function checkCleanUp(database: TargetDatabase): Promise<void> {
  await refuseOn(database, '--cleanup');
}

/**
 * Refuses `--recreate` where it may not happen, before the first statement.
 * @throws NOT_DISPOSABLE for a protected target, and for a database that exists and was not made by us
 */
export async function checkRecreate(database: TargetDatabase): Promise<void> {
  await refuseOn(database, '--recreate');
}

/** @throws NOT_DISPOSABLE */
export async function refuseUnlessDisposable(ledger: Ledger, option: string): Promise<void> {
  const kind = (await ledger.exists()) ? (await ledger.marker.read())?.kind : undefined;
  if (kind !== 'disposable') throw notDisposable(option, kind ?? 'not one that we made');
}

async function refuseOn(database: TargetDatabase, option: string): Promise<void> {
  if (database.protected) throw notDisposable(option, 'protected');
  if (!(await database.exists())) return;
  const session = await database.connect({ readOnly: true });
  try {
    await refuseUnlessDisposable(new Ledger(database.engine, session), option);
  } finally {
    await database.disconnect(session);
  }
}

function notDisposable(option: string, kind: string): DatakitError {
  return new DatakitError({
    code: 'NOT_DISPOSABLE',
    message: `${option} drops tables, and this database is ${kind}; nothing was changed.`,
    hint: 'Only a database that a deployment created itself may be dropped. Use another database name, or drop it by hand.',
  });
}
