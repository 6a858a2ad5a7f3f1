import type { LoadFiles } from '../files/load-files.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** Publishes the files of a committed load. Runs under the table's lock. */
export async function publishLoadedFiles(files: LoadFiles, loadId: string): Promise<void> {
  await files.replaceBy(loadId);
}

/**
 * Ends what a killed run left: files whose load the database committed are published, the others removed.
 * Runs under the table's lock, so no folder of a run that is still alive can be seen here.
 */
export async function recoverFiles(files: LoadFiles, ledger: Ledger): Promise<void> {
  for (const loadId of await files.leftovers()) {
    if (await ledger.hasLoad(loadId)) await files.replaceBy(loadId);
    else await files.discard(loadId);
  }
}
