import { describePlace, type Place } from '../place.ts';
import { connect } from './connect.ts';
import type { Session } from '../session.ts';
import type { TableName } from '../table-structure.ts';
import { quote, quoteTable } from './quote.ts';
import { DatakitError } from '../../errors/datakit-error.ts';

type PostgresPlace = Extract<Place, { engine: 'postgres' }>;

/** Databases that every cluster has, to connect to while ours is missing. */
const maintenanceDatabases = ['postgres', 'template1'];

/** Tells whether the database is there. Creates nothing. */
export async function databaseExists(place: PostgresPlace): Promise<boolean> {
  await using session = await connectToMaintenance(place);
  const rows = await session.query('select 1 from pg_database where datname = ?', [place.database]);
  return rows.length > 0;
}

/** @returns false when the database was there already, also when another run was faster */
export async function createDatabase(place: PostgresPlace): Promise<boolean> {
  await using session = await connectToMaintenance(place);
  try {
    // template0: a template1 that somebody changed would bring its tables along.
    await session.execute(`create database ${quote(place.database)} template template0 encoding 'UTF8'`);
    return true;
  } catch (error) {
    const state = (error as DatakitError).details?.['sqlState'];
    // 42P04 duplicate database; 23505 when two runs create it in the same moment.
    if (state === '42P04' || state === '23505') return false;
    throw error;
  }
}

/** Drops the database and ends the sessions that are still in it. */
export async function dropDatabase(place: PostgresPlace): Promise<void> {
  await using session = await connectToMaintenance(place);
  await session.execute(`drop database if exists ${quote(place.database)} with (force)`);
}

async function connectToMaintenance(place: PostgresPlace): Promise<Awaited<ReturnType<typeof connect>>> {
  for (const database of maintenanceDatabases) {
    try {
      return await connect({ ...place, database }, { onBehalfOf: place });
    } catch (error) {
      if ((error as DatakitError).details?.['sqlState'] !== '3D000') throw error;
    }
  }
  throw new DatakitError({
    code: 'TARGET_UNREACHABLE',
    message: `None of the databases ${maintenanceDatabases.join(', ')} exists on the server of ${describePlace(place)}.`,
    hint: 'One of them is needed to look for the target database and to create it.',
  });
}

/** Drops tables and the views on them. */
export async function dropTables(session: Session, tables: readonly TableName[]): Promise<void> {
  for (const table of tables) await session.execute(`drop table if exists ${quoteTable(table)} cascade`);
}
