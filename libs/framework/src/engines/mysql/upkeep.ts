import { DatakitError } from '../../errors/datakit-error.ts';
import type { Leftover, Upkeep } from '../engine.ts';
import type { Place } from '../place.ts';
import type { Session } from '../session.ts';
import type { MysqlPlace } from './connect.ts';
import type { Flavour } from './flavour.ts';
import { connectToServer, signOfOurs, underCreationLock } from './provision.ts';
import { quote } from './quote.ts';

/** The bookkeeping has no schema of its own here; this table of it says what a database is. */
const markerTable = '_datakit_database';
const bookkeepingTables = String.raw`\_datakit\_%`;

/** A killed client's statement ends within this. */
const deadClientSeconds = 3;

export function createUpkeep(flavour: Flavour): Upkeep {
  return {
    madeDatabases: async (place) => {
      await using server = await connectToServer(at(place), flavour);
      const rows = await server.query<{ name: string }>(
        'select table_schema as name from information_schema.tables where table_name = ? order by table_schema',
        [markerTable],
      );
      return rows.map(({ name }) => ({ ...place, database: name }) as Place);
    },

    dropUnused: async (place) => {
      await using server = await connectToServer(at(place), flavour);
      return await dropUnlessUsed(server, at(place).database);
    },

    dropLeftovers: async (place) => dropUnfinished(at(place), flavour),
  };
}

const at = (place: Place): MysqlPlace => place as Extract<Place, MysqlPlace>;

/** Databases with our comment in which nobody said what they are: their run was killed before it could. */
async function dropUnfinished(place: MysqlPlace, flavour: Flavour): Promise<Leftover[]> {
  if (flavour.commentedDatabasesQuery === undefined) return [];
  await using server = await connectToServer(place, flavour);
  const rows = await server.query<{ name: string }>(flavour.commentedDatabasesQuery, [signOfOurs, signOfOurs]);
  const dropped: Leftover[] = [];
  for (const { name } of rows) {
    try {
      const isDropped = await underCreationLock(
        server,
        { ...place, database: name },
        async () => (await isUnfinished(server, name)) && (await dropUnlessUsed(server, name)),
        deadClientSeconds,
      );
      if (isDropped) dropped.push({ kind: 'unfinished database', name });
    } catch (error) {
      if (!(error instanceof DatakitError && error.code === 'LOCKED')) throw error;
    }
  }
  return dropped;
}

async function isUnfinished(server: Session, name: string): Promise<boolean> {
  const [count] = await server.query<{ foreign_tables: number | string; markers: number | string }>(
    `select count(case when table_name not like ? then 1 end) as foreign_tables,
       count(case when table_name = ? then 1 end) as markers
     from information_schema.tables where table_schema = ?`,
    [bookkeepingTables, markerTable, name],
  );
  if (Number(count?.foreign_tables) > 0) return false;
  if (Number(count?.markers) === 0) return true;
  return (await server.query(`select 1 as one from ${quote(name)}.${quote(markerTable)} limit 1`)).length === 0;
}

async function dropUnlessUsed(server: Session, name: string): Promise<boolean> {
  const users = await server.query('select id from information_schema.processlist where db = ? limit 1', [name]);
  if (users.length > 0) return false;
  await server.execute(`drop database if exists ${quote(name)}`);
  return true;
}
