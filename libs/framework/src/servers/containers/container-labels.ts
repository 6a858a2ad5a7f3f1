import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';

/** What our containers carry, so that each home finds its own and nobody else's. */
export const containerLabels = {
  /** Digest of the home's path. */
  home: 'dev.datakit.home',
  /** The server, by the name of its folder. */
  server: 'dev.datakit.server',
  /** The home's path, for people. */
  path: 'dev.datakit.path',
} as const;

/** The value of the label `home`; the same for every path that leads to the folder. */
export function homeDigest(home: string): string {
  return createHash('sha256').update(realPath(home)).digest('hex').slice(0, 16);
}

function realPath(home: string): string {
  try {
    return realpathSync(home);
  } catch {
    // The home was deleted, perhaps with a container still kept for it.
    return resolve(home);
  }
}
