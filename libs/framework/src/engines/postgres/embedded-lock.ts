import { closeSync, openSync } from 'node:fs';
import type { ControlFiles } from './embedded-control.ts';

/** The right to run or to stop the server of one home; the operating system takes it back from a dead process. */
export interface KeeperLock {
  release(): void;
}

const sqliteBusy = 5;

/**
 * Takes the lock, or gives undefined when another process has it.
 * An exclusive SQLite transaction is the one lock that Node has on every platform and that no crash leaves behind.
 */
export async function takeKeeperLock({ lock }: ControlFiles): Promise<KeeperLock | undefined> {
  const { DatabaseSync } = await import('node:sqlite');
  // SQLite would let everybody read the file, and a reader's lock keeps ours out.
  closeSync(openSync(lock, 'a', 0o600));
  const database = new DatabaseSync(lock);
  try {
    database.exec('begin exclusive');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === sqliteBusy) return undefined;
    throw error;
  }
  return { release: () => database.close() };
}
