import { DatakitError } from '../../errors/datakit-error.ts';
import { describePlace, type Place } from '../place.ts';
import type { Session } from '../session.ts';
import { connectIfThere, type PostgresSession } from './connect.ts';

type PostgresPlace = Extract<Place, { engine: 'postgres' }>;

/** Databases that every cluster has, to connect to while ours is missing. */
const maintenanceDatabases = ['postgres', 'template1'];

/** A session for work on the server's databases. @throws TARGET_UNREACHABLE, AUTH_FAILED */
export async function connectToMaintenance(place: PostgresPlace): Promise<PostgresSession> {
  for (const database of maintenanceDatabases) {
    const session = await connectIfThere({ ...place, database }, { onBehalfOf: place });
    if (session) return session;
  }
  throw new DatakitError({
    code: 'TARGET_UNREACHABLE',
    message: `None of the databases ${maintenanceDatabases.join(', ')} exists on the server of ${describePlace(place)}.`,
    hint: 'One of them is needed to look for the target database and to create it.',
  });
}

export async function isThere(server: Session, database: string): Promise<boolean> {
  return (await server.query('select 1 from pg_database where datname = ?', [database])).length > 0;
}
