import type { DatakitError } from '../../errors/datakit-error.ts';
import type { Session } from '../session.ts';
import type { TableName } from '../table-structure.ts';
import { connect, type MysqlPlace, type MysqlSession } from './connect.ts';
import type { Flavour } from './flavour.ts';
import { quote, quoteTable } from './quote.ts';

const databaseIsThere = 1007;

/** The server's own patience with the users of a table is a day. */
const dropTimeoutSeconds = 10;

/** Tells whether the database is there. Creates nothing. */
export async function databaseExists(place: MysqlPlace, flavour: Flavour): Promise<boolean> {
  await using session = await connectToServer(place, flavour);
  const sql = 'select 1 as one from information_schema.schemata where schema_name = ?';
  return (await session.query(sql, [place.database])).length > 0;
}

/** @returns false when the database was there already, also when another run was faster */
export async function createDatabase(place: MysqlPlace, flavour: Flavour): Promise<boolean> {
  await using session = await connectToServer(place, flavour);
  try {
    await session.execute(
      `create database ${quote(place.database)} character set utf8mb4 collate ${flavour.collation}`,
    );
    return true;
  } catch (error) {
    if ((error as DatakitError).details?.['errno'] === databaseIsThere) return false;
    throw error;
  }
}

/** Drops the database; sessions that are still in it stay, without one. @throws LOCKED while one of them uses a table */
export async function dropDatabase(place: MysqlPlace, flavour: Flavour): Promise<void> {
  await using session = await connectToServer(place, flavour);
  await session.execute(`set session lock_wait_timeout = ${dropTimeoutSeconds}`);
  await session.execute(`drop database if exists ${quote(place.database)}`);
}

/** Drops tables whose relations may point in circles. */
export async function dropTables(session: Session, tables: readonly TableName[]): Promise<void> {
  if (tables.length === 0) return;
  await session.execute('set session foreign_key_checks = 0');
  try {
    await session.execute(`drop table if exists ${tables.map(quoteTable).join(', ')}`);
  } finally {
    await session.execute('set session foreign_key_checks = 1');
  }
}

async function connectToServer(place: MysqlPlace, flavour: Flavour): Promise<MysqlSession> {
  const { database: _, ...server } = place;
  return connect(server, flavour);
}
