import { setTimeout as sleep } from 'node:timers/promises';
import { DatakitError } from '../../errors/datakit-error.ts';
import type { TransactionOptions } from '../engine.ts';
import type { Session } from '../session.ts';
import { checkHangingThings, hangingThings } from './hanging-things.ts';
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
      const before = options.structural ? await hangingThings(session) : undefined;
      const result = await work();
      if (before) await checkHangingThings(session, before);
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
          details: { lock: 'file' },
          cause: error,
        });
      }
      await sleep(10 + Math.random() * 40);
    }
  }
}
