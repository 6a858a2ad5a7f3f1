import { existsSync } from 'node:fs';
import { kerberosFieldNames, tlsFieldNames } from '../model/connection-security.ts';
import { accountName } from './account-name.ts';
import { readVariable, type Environment } from './environment.ts';
import { kerberosSettings, postgresSecurityVariables, tlsSettings, withEnvironment } from './connection-security.ts';
import { parseServerUrl, refuseNonPort, type GivenAddress, type ServerAddress } from './server-url.ts';

/** Where a PostgreSQL database is, as its URL and the usual PG* variables say. */
export type PostgresAddress = ServerAddress;

/** Folders in which servers put their socket. */
const socketFolders = ['/var/run/postgresql', '/tmp'];

/**
 * Completes an address the way libpq does: what is missing comes from PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE,
 * PGSSLMODE, PGGSSENCMODE and their like, then from the unix socket of this machine, else `localhost`.
 *
 * @throws OPTION_INVALID for a port or a mode that there is not
 */
export function completeAddress(
  given: GivenAddress,
  environment: Environment,
  fallbackDatabase: string,
): PostgresAddress {
  const port = given.port ?? Number(environment['PGPORT'] || 5432);
  refuseNonPort(port, 'PostgreSQL', 'PGPORT');
  const socketFolder = socketFolders.find((folder) => existsSync(`${folder}/.s.PGSQL.${port}`));
  const host = given.host ?? environment['PGHOST'] ?? socketFolder ?? 'localhost';
  const user = given.user ?? (environment['PGUSER'] || undefined);
  const security = withEnvironment(given.security ?? {}, environment, postgresSecurityVariables);
  const what = `The connection to PostgreSQL at ${host}`;
  const kerberos = kerberosSettings(security, host, user, what);
  return {
    host,
    port,
    user: user ?? accountName(),
    password: given.password ?? readVariable(environment, 'PGPASSWORD'),
    database: given.database ?? environment['PGDATABASE'] ?? fallbackDatabase,
    tls: tlsSettings(security, host, what),
    ...(kerberos === undefined ? {} : { kerberos }),
  };
}

/**
 * Reads `postgresql://user:password@host:port/database`, with the folder of a unix socket as `?host=/folder`
 * or percent-encoded in the place of the host.
 *
 * @param what what the URL is for, for the message; the URL itself is never repeated, it may hold a password
 * @throws OPTION_INVALID for a text that is no PostgreSQL URL
 */
export function parsePostgresUrl(url: string, what: string): GivenAddress {
  return parseServerUrl(url, what, {
    schemes: ['postgresql', 'postgres'],
    name: 'PostgreSQL',
    port: 5432,
    parameters: [...tlsFieldNames, ...kerberosFieldNames],
  });
}
