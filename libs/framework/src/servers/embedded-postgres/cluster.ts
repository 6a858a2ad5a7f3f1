import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  openSync,
  closeSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerBinaries } from './binaries.ts';
import type { EmbeddedFiles } from './embedded-files.ts';
import { lastLines } from '../keeper/last-lines.ts';
import { serverFailed } from './embedded-failure.ts';
import { createSharedFolder, ownerFile } from './places.ts';
import type { ServerPlaces } from './places.ts';

/** The name of the only user that a new cluster has. */
export const serverUser = 'postgres';

/** What a server program needs of our environment; the rest (`PGPORT`, a locale, ...) would only change what it does. */
export const serverEnvironment: NodeJS.ProcessEnv = {
  PATH: process.env['PATH'],
  SystemRoot: process.env['SystemRoot'],
  LC_ALL: 'C',
  TZ: 'UTC',
};

/**
 * Makes the cluster unless it exists, as a whole or not at all.
 * @returns the password of {@link serverUser}
 */
export async function prepareCluster(
  control: EmbeddedFiles,
  places: ServerPlaces,
  binaries: ServerBinaries,
): Promise<string> {
  const known = readPassword(control);
  nameOwner(control, places);
  if (existsSync(places.data)) {
    if (known !== undefined) return known;
    if (places.folder === control.folder) {
      throw serverFailed(`${control.password} is missing, and nobody knows the password of ${places.data}`, {
        hint: `Restore the file, or delete ${places.data} to start with an empty server.`,
      });
    }
    // The home was deleted and made anew: what lies outside of it belongs to its former life.
    await rm(places.data, { recursive: true, force: true });
  }
  const password = known ?? randomBytes(24).toString('base64url');
  if (known === undefined) writeFileSync(control.password, password, { mode: 0o600 });
  await createCluster(control, places, binaries, password);
  return password;
}

/** Data outside of the home say whose they are, so that `targets --prune` can tell when their home is gone. */
function nameOwner(control: EmbeddedFiles, places: ServerPlaces): void {
  if (places.folder === control.folder || existsSync(join(places.folder, ownerFile))) return;
  createSharedFolder(places.folder);
  writeFileSync(join(places.folder, ownerFile), `${realpathSync(control.folder)}\n`, { mode: 0o644 });
}

function readPassword({ password }: EmbeddedFiles): string | undefined {
  return existsSync(password) ? readFileSync(password, 'utf8').trim() || undefined : undefined;
}

async function createCluster(
  control: EmbeddedFiles,
  places: ServerPlaces,
  binaries: ServerBinaries,
  password: string,
): Promise<void> {
  if (places.folder !== control.folder) createSharedFolder(places.folder);
  // Never the name of an earlier attempt: an initdb that outlived its killed keeper may still write there.
  const staging = mkdtempSync(join(places.folder, 'new-'));
  const cluster = join(staging, 'data');
  const passwordFile = join(staging, 'password');
  try {
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (places.account) {
      for (const path of [staging, passwordFile]) chownSync(path, places.account.uid, places.account.gid);
    }
    chmodSync(staging, 0o700);
    await runInitdb(control, places, binaries, [`--pgdata=${cluster}`, `--pwfile=${passwordFile}`]);
    await rename(cluster, places.data);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function runInitdb(
  { serverLog }: EmbeddedFiles,
  { account, folder }: ServerPlaces,
  { initdb }: ServerBinaries,
  where: string[],
): Promise<void> {
  const log = openSync(serverLog, 'w', 0o600);
  const child = spawn(
    initdb,
    [
      ...where,
      `--username=${serverUser}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      // Sorts like C, and upper() and lower() know more than ASCII, the same on every operating system.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
    ],
    { cwd: folder, env: serverEnvironment, stdio: ['ignore', log, log], ...account },
  );
  closeSync(log);
  const failure = await new Promise<unknown>((resolve) => {
    child.once('error', resolve);
    child.once('exit', (code, signal) => resolve(code === 0 ? undefined : new Error(`initdb: ${code ?? signal}`)));
  });
  if (failure)
    throw serverFailed('initdb could not make its data folder', { log: lastLines(serverLog), cause: failure });
}
