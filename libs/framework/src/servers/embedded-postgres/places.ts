import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { isRoot, mayEnter, ownerOf, unprivilegedAccount } from './account.ts';
import type { ServerAccount } from './account.ts';
import type { EmbeddedFiles } from './embedded-files.ts';

/** Where root puts what an unprivileged account must reach but cannot below the home. */
export const sharedFolder = '/var/lib/datakit';

/** In a folder outside of the home: the folder of the home that it belongs to. */
export const ownerFile = 'home';

/** Where the cluster lies and whom it belongs to. */
export interface ServerPlaces {
  /** Holds the cluster, and the aside copies it is made from. */
  readonly folder: string;
  readonly data: string;
  /** Undefined: the server runs as whoever runs us. */
  readonly account: ServerAccount | undefined;
}

/** The folder of a cluster that cannot lie in the home itself. */
export function outsideFolder({ folder }: EmbeddedFiles): string {
  return join(sharedFolder, createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 16));
}

/** Decides where the cluster lies. A cluster that exists stays where it is, whatever permissions changed since. */
export function serverPlaces(control: EmbeddedFiles): ServerPlaces {
  const inside = join(control.folder, 'data');
  if (!isRoot()) return { folder: control.folder, data: inside, account: undefined };
  if (existsSync(inside)) return { folder: control.folder, data: inside, account: ownerOf(inside) };

  const account = unprivilegedAccount();
  const outside = outsideFolder(control);
  const data = join(outside, 'data');
  if (existsSync(data)) return { folder: outside, data, account: ownerOf(data) };
  if (mayEnter(control.folder, account)) return { folder: control.folder, data: inside, account };
  return { folder: outside, data, account };
}

/** Makes a folder of root's that every account may enter, whatever the umask is. */
export function createSharedFolder(folder: string): void {
  const umask = process.umask(0o022);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
  } finally {
    process.umask(umask);
  }
}
