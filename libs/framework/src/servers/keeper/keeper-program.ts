/** The program of a keeper, a process of its own: `node keeper-program.ts <kind of server> <folder>`. */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { takeProcessLock, type ProcessLock } from '../../settings/process-lock.ts';
import { keeperFiles, type KeeperFiles } from './keeper-files.ts';
import { keepServer } from './keeper.ts';
import { loadStarter } from './server-starters.ts';

const handoverTimeoutMs = 40_000;

/** Waits for a keeper that is stopping; gives up where another one is at work, for our client will find that one. */
async function becomeKeeper(files: KeeperFiles): Promise<ProcessLock | undefined> {
  for (const deadline = Date.now() + handoverTimeoutMs; Date.now() < deadline; await sleep(20)) {
    const lock = await takeProcessLock(files.lock);
    if (lock || existsSync(files.address)) return lock;
  }
  return undefined;
}

async function main(kind: string, folder: string): Promise<void> {
  const files = keeperFiles(folder);
  const lock = await becomeKeeper(files);
  if (!lock) return;
  await keepServer(files, lock, async (specification) => (await loadStarter(kind))(folder, specification));
}

const [, , kind = '', folder = ''] = process.argv;
main(kind, folder).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
