import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../../settings/is-alive.ts';
import { ownerFile, sharedFolder } from './places.ts';
import { readPostmasterState } from './process.ts';

/** The data of a server whose home is gone. */
export interface PrunedFolder {
  readonly folder: string;
  readonly home: string;
}

/**
 * Removes the data that lie outside of homes which are gone. What runs there goes on; what does not say whose it is
 * stays, for nobody can know.
 */
export async function pruneFolders(shared: string = sharedFolder): Promise<PrunedFolder[]> {
  if (!existsSync(shared)) return [];
  const pruned: PrunedFolder[] = [];
  for (const name of readdirSync(shared)) {
    const folder = join(shared, name);
    const home = ownerOf(folder);
    if (home === undefined || existsSync(home)) continue;
    const server = await readPostmasterState(join(folder, 'data'));
    if (server && isAlive(server.pid)) continue;
    rmSync(folder, { recursive: true, force: true });
    pruned.push({ folder, home });
  }
  return pruned;
}

function ownerOf(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, ownerFile), 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
