import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Place } from '../place.ts';
import { connect } from './connect.ts';

type SqlitePlace = Extract<Place, { engine: 'sqlite' }>;

/** A database in memory never exists beforehand. */
export async function databaseExists(place: SqlitePlace): Promise<boolean> {
  return place.file !== ':memory:' && existsSync(place.file);
}

/** @returns false when the file was there */
export async function createDatabase(place: SqlitePlace): Promise<boolean> {
  if (place.file === ':memory:') return true;
  if (existsSync(place.file)) return false;
  await using session = await connect(place);
  // The file is written with its first page, so make one.
  await session.execute('pragma user_version = 0');
  return true;
}

/** Removes the file and what SQLite keeps beside it. */
export async function dropDatabase(place: SqlitePlace): Promise<void> {
  if (place.file === ':memory:') return;
  for (const suffix of ['', '-wal', '-shm', '-journal']) await rm(`${place.file}${suffix}`, { force: true });
}
