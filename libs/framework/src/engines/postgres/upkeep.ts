import type { DatakitError } from '../../errors/datakit-error.ts';
import type { Leftover, Upkeep } from '../engine.ts';
import type { Place } from '../place.ts';
import type { Session } from '../session.ts';
import { connectToMaintenance } from './maintenance.ts';
import { signOfOurs, sqlState, underCreationLock, unfinishedPrefix } from './new-databases.ts';
import { quote } from './quote.ts';
import { templateNames } from './spare-databases.ts';
import { templatePrefix } from './templates.ts';

type PostgresPlace = Extract<Place, { engine: 'postgres' }>;

/** The server notices within a second that a client was killed, and ends what it did. */
const deadClientSeconds = 3;

export const upkeep: Upkeep = {
  madeDatabases: async (place) => {
    await using server = await connectToMaintenance(place as PostgresPlace);
    const rows = await server.query<{ name: string }>(
      `select datname as name from pg_database
       where shobj_description(oid, 'pg_database') = ? and datallowconn
         and not starts_with(datname, ?) and not starts_with(datname, ?) order by datname`,
      [signOfOurs, unfinishedPrefix, templatePrefix],
    );
    return rows.map(({ name }) => ({ ...(place as PostgresPlace), database: name }));
  },

  dropUnused: async (place) => {
    await using server = await connectToMaintenance(place as PostgresPlace);
    return await dropUnlessUsed(server, (place as PostgresPlace).database);
  },

  dropLeftovers: async (place) => [
    ...(await dropUnfinished(place as PostgresPlace)),
    ...(await dropTemplates(place as PostgresPlace)),
  ],
};

async function dropUnfinished(place: PostgresPlace): Promise<Leftover[]> {
  await using server = await connectToMaintenance(place);
  const dropped: Leftover[] = [];
  const rows = await server.query<{ name: string }>(
    'select datname as name from pg_database where starts_with(datname, ?) order by datname',
    [unfinishedPrefix],
  );
  for (const { name } of rows) {
    const isDropped = await unlessLocked(() =>
      underCreationLock(place, name, () => dropUnlessUsed(server, name), deadClientSeconds),
    );
    if (isDropped) dropped.push({ kind: 'unfinished database', name });
  }
  return dropped;
}

async function dropTemplates(place: PostgresPlace): Promise<Leftover[]> {
  await using server = await connectToMaintenance(place);
  const dropped: Leftover[] = [];
  // A copy that was on its way while its template was dropped shows up afterwards.
  for (let before = -1; before < dropped.length;) {
    before = dropped.length;
    for (const name of await templateNames(server)) {
      if (await dropUnlessUsed(server, name)) dropped.push({ kind: 'template', name });
    }
  }
  return dropped;
}

/** Somebody is at work on it: then it is no leftover. */
async function unlessLocked(work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work();
  } catch (error) {
    if ((error as DatakitError).code === 'LOCKED') return false;
    throw error;
  }
}

/** The server waits five seconds for those who are about to leave. */
async function dropUnlessUsed(server: Session, name: string): Promise<boolean> {
  try {
    await server.execute(`drop database if exists ${quote(name)}`);
    return true;
  } catch (error) {
    // 55006 object in use
    if (sqlState(error) === '55006') return false;
    throw error;
  }
}
