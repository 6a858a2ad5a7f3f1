import { setTimeout as sleep } from 'node:timers/promises';
import { DatakitError } from '../../errors/datakit-error.ts';
import type { TransactionOptions } from '../engine.ts';
import type { Session } from '../session.ts';
import { isBusy } from './server-error.ts';

/**
 * Runs work in one write transaction. SQLite has one writer per file, so the transaction is the lock for every key;
 * the operating system frees it when the process dies.
 *
 * @throws LOCKED when another process writes for longer than the timeout
 */
export async function transaction<Result>(
  session: Session,
  options: TransactionOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  if (options.structural) await prepareRebuilds(session);
  try {
    await beginImmediate(session, options);
    try {
      const result = await work();
      if (options.structural) await checkForeignKeys(session);
      await session.execute('commit');
      return result;
    } catch (error) {
      await session.execute('rollback').catch(() => undefined);
      throw error;
    }
  } finally {
    if (options.structural) await endRebuilds(session);
  }
}

/**
 * A table rebuild drops the old table. With foreign keys on, that deletes the rows of its children; the pragma does
 * nothing inside a transaction, so it comes before. Legacy renames leave views and triggers of other tables as they are.
 */
async function prepareRebuilds(session: Session): Promise<void> {
  await session.execute('pragma foreign_keys = off');
  await session.execute('pragma legacy_alter_table = on');
}

async function endRebuilds(session: Session): Promise<void> {
  await session.execute('pragma legacy_alter_table = off');
  await session.execute('pragma foreign_keys = on');
}

async function checkForeignKeys(session: Session): Promise<void> {
  const [violation] = await session.query<{ table: string; parent: string }>('pragma foreign_key_check');
  if (!violation) return;
  throw new DatakitError({
    code: 'TARGET_FAILED',
    message: `Rows of ${violation.table} would point to rows of ${violation.parent} that are not there.`,
    hint: 'Mend the rows, then deploy again; nothing was changed.',
  });
}

async function beginImmediate(session: Session, options: TransactionOptions): Promise<void> {
  const giveUpAt = performance.now() + options.timeoutSeconds * 1000;
  for (;;) {
    try {
      await session.execute('begin immediate');
      return;
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() >= giveUpAt) {
        throw new DatakitError({
          code: 'LOCKED',
          message: `Another process has been writing to the SQLite file for more than ${options.timeoutSeconds} s.`,
          hint: 'Wait for the other run, or give a longer --lockTimeout.',
          retryable: true,
          cause: error,
        });
      }
      await sleep(10 + Math.random() * 40);
    }
  }
}
