/** The program of the keeper, a process of its own: `node embedded-keeper.ts <home>`. */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { controlFiles } from './embedded-control.ts';
import type { ControlFiles } from './embedded-control.ts';
import { keepServer } from './embedded-keeping.ts';
import { takeProcessLock, type ProcessLock } from '../../settings/process-lock.ts';

const handoverTimeoutMs = 40_000;

/** Waits for a keeper that is stopping; gives up where another one is at work, for our client will find that one. */
async function becomeKeeper(control: ControlFiles): Promise<ProcessLock | undefined> {
  for (const deadline = Date.now() + handoverTimeoutMs; Date.now() < deadline; await sleep(20)) {
    const lock = await takeProcessLock(control.lock);
    if (lock || existsSync(control.address)) return lock;
  }
  return undefined;
}

async function main(home: string): Promise<void> {
  const control = controlFiles(home);
  const lock = await becomeKeeper(control);
  if (lock) await keepServer(control, lock);
}

main(process.argv[2] ?? '').catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
