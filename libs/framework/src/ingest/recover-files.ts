import type { LoadFiles } from '../files/load-files.ts';
import type { Ledger } from '../ledger/ledger.ts';

/**
 * Ends what a killed run left: files whose load the database committed are published, the others removed.
 * Runs under the folder's lock, so no folder of a run that is still alive can be seen here.
 */
export async function recoverFiles(files: LoadFiles, ledger: Ledger): Promise<void> {
  for (const loadId of await files.leftovers()) {
    if (await ledger.loads.has(loadId)) await files.publish(loadId);
    else await files.discard(loadId);
  }
}
