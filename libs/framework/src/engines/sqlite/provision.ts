import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { link, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Making } from '../engine.ts';
import { describePlace, type Place } from '../place.ts';
import type { Session } from '../session.ts';
import type { TableName } from '../table-structure.ts';
import { connect } from './connect.ts';
import { quoteTable } from './quote.ts';
import { serverError } from './server-error.ts';

/** Follows the name of a file that is not finished; then come the process that makes it and a random number. */
export const asideSuffix = '.new-';

/** What SQLite keeps beside a file. */
export const sideSuffixes = ['-wal', '-shm', '-journal'];

/** The sign of a file that we made, "DKit". Whether it may be dropped is in its marker; this is where to look. */
export const applicationId = 0x44_4b_69_74;

const withoutLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

type SqlitePlace = Extract<Place, { engine: 'sqlite' }>;

/** A database in memory never exists beforehand. */
export async function databaseExists(place: SqlitePlace): Promise<boolean> {
  return place.file !== ':memory:' && existsSync(place.file);
}

/**
 * Makes the file aside, fills it, and gives it its name, which only one of several runs can.
 * @returns false when the file was there, also when another run was faster
 */
export async function createDatabase(place: SqlitePlace, making?: Making): Promise<boolean> {
  if (place.file === ':memory:') return true;
  if (existsSync(place.file)) return false;
  const aside = `${place.file}${asideSuffix}${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    mkdirSync(dirname(place.file), { recursive: true });
    await fillFile(aside, making);
    await link(aside, place.file);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && existsSync(place.file)) return false;
    if (withoutLinks.has(code)) return await createInPlace(place.file, making);
    throw serverError(error, `create ${describePlace(place)}`);
  } finally {
    await removeFile(aside);
  }
}

/** Some file systems have no links. An empty file is an empty database there, and a kill may leave just that. */
async function createInPlace(file: string, making: Making | undefined): Promise<boolean> {
  try {
    await (await open(file, 'wx')).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  await fillFile(file, making);
  return true;
}

async function fillFile(file: string, making: Making | undefined): Promise<void> {
  await using session = await connect({ engine: 'sqlite', file });
  await session.execute(`pragma application_id = ${applicationId}`);
  await making?.fill(session);
}

/** Removes the file and what SQLite keeps beside it. */
export async function dropDatabase(place: SqlitePlace): Promise<void> {
  if (place.file !== ':memory:') await removeFile(place.file);
}

export async function removeFile(file: string): Promise<void> {
  for (const suffix of ['', ...sideSuffixes]) await rm(`${file}${suffix}`, { force: true });
}

/** Drops tables; a structural transaction has no foreign keys that could mind. */
export async function dropTables(session: Session, tables: readonly TableName[]): Promise<void> {
  for (const table of tables) await session.execute(`drop table if exists ${quoteTable(table)}`);
}
