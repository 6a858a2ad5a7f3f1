import { existsSync } from 'node:fs';
import { tlsFieldNames } from '../model/connection-security.ts';
import { accountName } from './account-name.ts';
import { readVariable, type Environment } from './environment.ts';
import { tlsSettings } from './connection-security.ts';
import { parseServerUrl, refuseNonPort, type GivenAddress, type ServerAddress } from './server-url.ts';

/** Where servers put their socket. */
const socketFiles = ['/run/mysqld/mysqld.sock', '/var/lib/mysql/mysql.sock', '/tmp/mysql.sock'];

/**
 * Completes an address the way the `mysql` and `mariadb` programs do: what is missing comes from MYSQL_HOST,
 * MYSQL_TCP_PORT, MYSQL_UNIX_PORT and MYSQL_PWD, then from the unix socket of this machine, else `localhost`.
 * A port says TCP: sockets have none.
 */
export function completeMysqlAddress(
  given: GivenAddress,
  environment: Environment,
  fallbackDatabase: string,
): ServerAddress {
  const port = given.port ?? Number(environment['MYSQL_TCP_PORT'] || 3306);
  refuseNonPort(port, 'MySQL and MariaDB', 'MYSQL_TCP_PORT');
  const socket = environment['MYSQL_UNIX_PORT'] ?? socketFiles.find((file) => existsSync(file));
  const host = given.host ?? environment['MYSQL_HOST'] ?? (port === 3306 ? socket : undefined) ?? 'localhost';
  return {
    host,
    port,
    user: given.user ?? accountName(),
    password: given.password ?? readVariable(environment, 'MYSQL_PWD'),
    database: given.database ?? fallbackDatabase,
    tls: tlsSettings(given.security ?? {}, host, `The connection to MySQL or MariaDB at ${host}`),
  };
}

/**
 * Reads `mysql://user:password@host:port/database` or `mariadb://…`, with the file or folder of a unix socket as
 * `?socket=/file` or percent-encoded in the place of the host.
 *
 * @param what what the URL is for, for the message; the URL itself is never repeated, it may hold a password
 * @throws OPTION_INVALID for a text that is no such URL
 */
export function parseMysqlUrl(url: string, what: string): GivenAddress {
  return parseServerUrl(url, what, {
    schemes: ['mysql', 'mariadb'],
    name: 'MySQL or MariaDB',
    port: 3306,
    parameters: tlsFieldNames,
  });
}
