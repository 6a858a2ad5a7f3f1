import { existsSync, mkdirSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describePlace, type Place } from '../place.ts';
import type { Session } from '../session.ts';
import type { TableName } from '../table-structure.ts';
import { quoteTable } from './quote.ts';
import { serverError } from './server-error.ts';

type SqlitePlace = Extract<Place, { engine: 'sqlite' }>;

/** A database in memory never exists beforehand. */
export async function databaseExists(place: SqlitePlace): Promise<boolean> {
  return place.file !== ':memory:' && existsSync(place.file);
}

/** @returns false when the file was there, also when another run was faster */
export async function createDatabase(place: SqlitePlace): Promise<boolean> {
  if (place.file === ':memory:') return true;
  try {
    mkdirSync(dirname(place.file), { recursive: true });
    // An empty file is an empty database, and only one of several runs can be the one that made it.
    await (await open(place.file, 'wx')).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' && existsSync(place.file)) return false;
    throw serverError(error, `create ${describePlace(place)}`);
  }
}

/** Removes the file and what SQLite keeps beside it. */
export async function dropDatabase(place: SqlitePlace): Promise<void> {
  if (place.file === ':memory:') return;
  for (const suffix of ['', '-wal', '-shm', '-journal']) await rm(`${place.file}${suffix}`, { force: true });
}

/** Drops tables; a structural transaction has no foreign keys that could mind. */
export async function dropTables(session: Session, tables: readonly TableName[]): Promise<void> {
  for (const table of tables) await session.execute(`drop table if exists ${quoteTable(table)}`);
}
