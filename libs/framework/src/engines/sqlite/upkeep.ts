import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isAlive } from '../../settings/is-alive.ts';
import type { Leftover, Upkeep } from '../engine.ts';
import type { Place } from '../place.ts';
import { applicationId, asideSuffix, removeFile, sideSuffixes } from './provision.ts';
import { isBusy, serverError } from './server-error.ts';

type SqlitePlace = Extract<Place, { engine: 'sqlite' }>;

const header = 'SQLite format 3\0';
const applicationIdOffset = 68;

export const upkeep: Upkeep = {
  madeDatabases: async (place) => {
    const folder = dirname((place as SqlitePlace).file);
    return filesOf(folder)
      .filter((name) => !name.includes(asideSuffix) && hasOurSign(join(folder, name)))
      .map((name) => ({ engine: 'sqlite', file: join(folder, name) }));
  },

  dropUnused: async (place) => {
    const { file } = place as SqlitePlace;
    if (!(await isAlone(file))) return false;
    await removeFile(file);
    return true;
  },

  dropLeftovers: async (place) => {
    const { file } = place as SqlitePlace;
    return [...(await removeUnfinished(dirname(file))), ...(await removeSideFiles(file))];
  },
};

function filesOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
}

function hasOurSign(file: string): boolean {
  const bytes = Buffer.alloc(applicationIdOffset + 4);
  try {
    const descriptor = openSync(file, 'r');
    try {
      readSync(descriptor, bytes, 0, bytes.length, 0);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return false;
  }
  return (
    bytes.toString('latin1', 0, header.length) === header && bytes.readUInt32BE(applicationIdOffset) === applicationId
  );
}

/** Files that were to become databases, of processes that are dead. */
async function removeUnfinished(folder: string): Promise<Leftover[]> {
  const removed: Leftover[] = [];
  const main = new Set(
    filesOf(folder).flatMap((name) => new RegExp(`^.*\\${asideSuffix}\\d+-[0-9a-f]+`).exec(name)?.[0] ?? []),
  );
  for (const name of main) {
    const pid = Number(name.slice(name.lastIndexOf(asideSuffix) + asideSuffix.length).split('-')[0]);
    if (isAlive(pid)) continue;
    await removeFile(join(folder, name));
    removed.push({ kind: 'unfinished database', name: join(folder, name) });
  }
  return removed;
}

/** What SQLite kept beside a file that is gone is of no use to anybody. */
async function removeSideFiles(file: string): Promise<Leftover[]> {
  if (file === ':memory:' || existsSync(file)) return [];
  const names = new Set(filesOf(dirname(file)));
  const left = sideSuffixes.map((suffix) => `${file}${suffix}`).filter((path) => names.has(basename(path)));
  if (left.length > 0) await removeFile(file);
  return left.map((name) => ({ kind: 'side file', name }));
}

/** Every connection holds a lock of the file as long as it is open; nobody gets the exclusive one beside it. */
async function isAlone(file: string): Promise<boolean> {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(file);
  try {
    database.exec('pragma locking_mode = exclusive; begin exclusive; rollback');
    return true;
  } catch (error) {
    if (isBusy(error)) return false;
    throw serverError(error, `drop the SQLite file ${file}`);
  } finally {
    database.close();
  }
}
