import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { takeProcessLock, waitForProcessLock } from '../settings/process-lock.ts';

const prefix = 'sift-';
const lockFile = '.lock';

/** A folder that only we can read and that ends with its scope. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

/**
 * Makes a folder for rows that do not fit into the memory. It is not in the system's temporary folder, which may itself
 * be in memory. A killed process leaves its folder; the next one that makes one removes it.
 *
 * @param home folder of all files of ours
 */
export async function temporaryFolder(home: string): Promise<TemporaryFolder> {
  const parent = join(home, 'tmp');
  await mkdir(parent, { recursive: true, mode: 0o700 });
  // Made and locked by one at a time: a folder without its lock would be taken for one that was left.
  const making = await waitForProcessLock(join(parent, lockFile), parent, 60);
  try {
    await removeLeftovers(parent);
    const path = await mkdtemp(join(parent, prefix));
    const lock = await takeProcessLock(join(path, lockFile));
    return {
      path,
      [Symbol.asyncDispose]: async () => {
        lock?.release();
        await rm(path, { recursive: true, force: true });
      },
    };
  } finally {
    making.release();
  }
}

async function removeLeftovers(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix)) continue;
    const lock = await takeProcessLock(join(parent, name, lockFile)).catch(() => undefined);
    if (!lock) continue;
    lock.release();
    await rm(join(parent, name), { recursive: true, force: true });
  }
}
