import { existsSync } from 'node:fs';
import { accountName } from './account-name.ts';
import { readVariable, type Environment } from './environment.ts';
import { parseServerUrl, refuseNonPort, type ServerAddress } from './server-url.ts';

/** Where a PostgreSQL database is, as its URL and the usual PG* variables say. */
export type PostgresAddress = ServerAddress;

/** Folders in which servers put their socket. */
const socketFolders = ['/var/run/postgresql', '/tmp'];

/**
 * Completes an address the way libpq does: what is missing comes from PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE,
 * then from the unix socket of this machine, else `localhost`.
 */
export function completeAddress(
  given: Partial<PostgresAddress>,
  environment: Environment,
  fallbackDatabase: string,
): PostgresAddress {
  const port = given.port ?? Number(environment['PGPORT'] || 5432);
  refuseNonPort(port, 'PostgreSQL', 'PGPORT');
  const socketFolder = socketFolders.find((folder) => existsSync(`${folder}/.s.PGSQL.${port}`));
  return {
    host: given.host ?? environment['PGHOST'] ?? socketFolder ?? 'localhost',
    port,
    user: given.user ?? environment['PGUSER'] ?? accountName(),
    password: given.password ?? readVariable(environment, 'PGPASSWORD'),
    database: given.database ?? environment['PGDATABASE'] ?? fallbackDatabase,
  };
}

/**
 * Reads `postgresql://user:password@host:port/database`, with the folder of a unix socket as `?host=/folder`
 * or percent-encoded in the place of the host.
 *
 * @param what what the URL is for, for the message; the URL itself is never repeated, it may hold a password
 * @throws OPTION_INVALID for a text that is no PostgreSQL URL
 */
export function parsePostgresUrl(url: string, what: string): Partial<PostgresAddress> {
  return parseServerUrl(url, what, { schemes: ['postgresql', 'postgres'], name: 'PostgreSQL', port: 5432 });
}
