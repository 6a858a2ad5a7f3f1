import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatakitError } from '../errors/datakit-error.ts';

/** A right that one process of this machine has; the operating system takes it back from a dead one. */
export interface ProcessLock extends Disposable {
  release(): void;
}

const sqliteBusy = 5;

/**
 * Takes the lock, or gives undefined when another process has it.
 * An exclusive SQLite transaction is the one lock that Node has on every platform and that no crash leaves behind.
 *
 * @param file made where it is missing; stays there empty
 */
export async function takeProcessLock(file: string): Promise<ProcessLock | undefined> {
  const { DatabaseSync } = await import('node:sqlite');
  // SQLite would let everybody read the file, and a reader's lock keeps ours out.
  closeSync(openSync(file, 'a', 0o600));
  const database = new DatabaseSync(file);
  try {
    database.exec('begin exclusive');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === sqliteBusy) return undefined;
    throw error;
  }
  const release = (): void => {
    if (database.isOpen) database.close();
  };
  return { release, [Symbol.dispose]: release };
}

/**
 * Takes the lock as soon as it is free.
 * @param what what it protects, for the message
 * @throws LOCKED when another process keeps it for longer than the timeout
 */
export async function waitForProcessLock(file: string, what: string, timeoutSeconds: number): Promise<ProcessLock> {
  const giveUpAt = performance.now() + timeoutSeconds * 1000;
  for (;;) {
    const lock = await takeProcessLock(file);
    if (lock) return lock;
    if (performance.now() >= giveUpAt) {
      throw new DatakitError({
        code: 'LOCKED',
        message: `Another run has been writing to ${what} for more than ${timeoutSeconds} s.`,
        hint: 'Wait for the other run, or give a longer --lockTimeout.',
        retryable: true,
      });
    }
    await sleep(20 + Math.random() * 60);
  }
}
