import type { DatakitError } from '../../errors/datakit-error.ts';
import type { Making } from '../engine.ts';
import type { Session } from '../session.ts';
import type { TableName } from '../table-structure.ts';
import { connect, type MysqlPlace, type MysqlSession } from './connect.ts';
import type { Flavour } from './flavour.ts';
import { transaction } from './lock.ts';
import { quote, quoteLiteral, quoteTable } from './quote.ts';

/** The comment on a database that we make, before the run. Whether it may be dropped is in its marker. */
export const signOfOurs = 'Made by datakit';

const creationTimeoutSeconds = 60;

const databaseIsThere = 1007;

/** The server's own patience with the users of a table is a day. */
const dropTimeoutSeconds = 10;

/** Tells whether the database is there. Creates nothing. */
export async function databaseExists(place: MysqlPlace, flavour: Flavour): Promise<boolean> {
  await using session = await connectToServer(place, flavour);
  return await isThere(session, place);
}

async function isThere(server: Session, { database }: MysqlPlace): Promise<boolean> {
  const sql = 'select 1 as one from information_schema.schemata where schema_name = ?';
  return (await server.query(sql, [database])).length > 0;
}

/**
 * Creates the database, and says in the same statement whose it is, where the server can (MariaDB 10.5 and newer). On
 * MySQL a run that is killed before it could fill the database leaves one that nobody may drop but its owner.
 *
 * @returns false when the database was there already, also when another run was faster
 */
export async function createDatabase(place: MysqlPlace, flavour: Flavour, making?: Making): Promise<boolean> {
  await using server = await connectToServer(place, flavour);
  // Who may not create one is told so even where it is there already.
  if (await isThere(server, place)) return false;
  return await underCreationLock(server, place, async () => {
    const whose = making ? ` /*M!100502 comment ${quoteLiteral(`${signOfOurs}, run ${making.runId}`)} */` : '';
    try {
      await server.execute(
        `create database ${quote(place.database)} character set utf8mb4 collate ${flavour.collation}${whose}`,
      );
    } catch (error) {
      if ((error as DatakitError).details?.['errno'] === databaseIsThere) return false;
      throw error;
    }
    if (making) await fill(server, place, flavour, making);
    return true;
  });
}

async function fill(server: Session, place: MysqlPlace, flavour: Flavour, making: Making): Promise<void> {
  try {
    await using session = await connect(place, flavour);
    await making.fill(session);
  } catch (error) {
    await server.execute(`drop database if exists ${quote(place.database)}`).catch(() => undefined);
    throw error;
  }
}

/** The run that made the database of a session; undefined on MySQL, which does not keep it. */
export async function creatorOf(session: Session): Promise<string | undefined> {
  const [row] = await session.query<{ name: string | null }>('select database() as name');
  if (!row?.name) return undefined;
  const [shown] = await session.query(`show create database ${quote(row.name)}`);
  return new RegExp(` COMMENT '${signOfOurs}, run ([^']+)'`).exec(String(shown?.['Create Database']))?.[1];
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

export async function connectToServer(place: MysqlPlace, flavour: Flavour): Promise<MysqlSession> {
  const { database: _, ...server } = place;
  return connect(server, flavour);
}

/** Runs work while nobody else makes the database of a place, or drops what an earlier run left of it. */
export async function underCreationLock<Result>(
  server: Session,
  place: MysqlPlace,
  work: () => Promise<Result>,
  timeoutSeconds = creationTimeoutSeconds,
): Promise<Result> {
  const locks = [{ key: `database:${place.database}`, shared: false }];
  return await transaction(server, { locks, timeoutSeconds, structural: true }, work);
}
