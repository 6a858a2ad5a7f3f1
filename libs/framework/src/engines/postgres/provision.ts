import type { Making } from '../engine.ts';
import type { Place } from '../place.ts';
import type { Session } from '../session.ts';
import type { TableName } from '../table-structure.ts';
import { connectToMaintenance, isThere } from './maintenance.ts';
import { isTaken, makeDatabase, underCreationLock, unfinishedName } from './new-databases.ts';
import { copyTemplate } from './templates.ts';
import { quote, quoteTable } from './quote.ts';
import { dropTriggerFunctions } from './triggers.ts';

type PostgresPlace = Extract<Place, { engine: 'postgres' }>;

/** Tells whether the database is there. Creates nothing. */
export async function databaseExists(place: PostgresPlace): Promise<boolean> {
  await using server = await connectToMaintenance(place);
  return await isThere(server, place.database);
}

/**
 * Makes the database under a name of ours, or copies a template; fills it, and gives it its name: whoever finds it finds it complete.
 * @returns false when the database was there already, also when another run was faster
 */
export async function createDatabase(place: PostgresPlace, making?: Making): Promise<boolean> {
  await using server = await connectToMaintenance(place);
  if (await isThere(server, place.database)) return false;
  if (making?.template) return await copyTemplate(server, place, await making.template());
  const unfinished = unfinishedName(place.database);
  return await underCreationLock(place, unfinished, async () => {
    if (await isThere(server, place.database)) return false;
    await makeDatabase(server, place, unfinished, making);
    return await rename(server, unfinished, place.database);
  });
}

/** @returns false where another run made a database of that name meanwhile; ours is dropped then */
async function rename(server: Session, from: string, to: string): Promise<boolean> {
  try {
    await server.execute(`alter database ${quote(from)} rename to ${quote(to)}`);
    return true;
  } catch (error) {
    await server.execute(`drop database if exists ${quote(from)} with (force)`).catch(() => undefined);
    if (isTaken(error)) return false;
    throw error;
  }
}

/** Drops the database and ends the sessions that are still in it. */
export async function dropDatabase(place: PostgresPlace): Promise<void> {
  await using server = await connectToMaintenance(place);
  await server.execute(`drop database if exists ${quote(place.database)} with (force)`);
}

/** Drops tables with the views on them and the functions of our triggers. */
export async function dropTables(session: Session, tables: readonly TableName[]): Promise<void> {
  for (const table of tables) {
    const functions = await dropTriggerFunctions(session, table);
    await session.execute(`drop table if exists ${quoteTable(table)} cascade`);
    for (const sql of functions) await session.execute(sql);
  }
}
