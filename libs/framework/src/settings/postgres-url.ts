import { existsSync } from 'node:fs';
import { accountName } from './account-name.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { readVariable, type Environment } from './environment.ts';

/** Where a PostgreSQL database is, as its URL and the usual PG* variables say. */
export interface PostgresAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
}

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
  refuseNonPort(port);
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
  const match =
    /^postgres(?:ql)?:\/\/(?:(?<user>[^:@/?#]*)(?::(?<password>[^@/?#]*))?@)?(?<host>\[[^\]]+\]|[^:/?#@]*)(?::(?<port>\d+))?(?:\/(?<database>[^?#]*))?(?:\?(?<query>[^#]*))?$/.exec(
      url,
    );
  if (!match?.groups) {
    throw new DatakitError({
      code: 'OPTION_INVALID',
      message: `${what} is no PostgreSQL URL.`,
      hint: 'Write it as postgresql://user@host:5432/database; characters such as @ : / ? # % in a password are percent-encoded.',
    });
  }
  const { user, password, host, port, database } = match.groups;
  const query = new URLSearchParams(match.groups['query'] ?? '');
  const text = (value: string | undefined | null): string | undefined => (value ? decode(value, what) : undefined);
  const portNumber = port ?? query.get('port');
  return dropUndefined({
    host: query.get('host') ?? text(host?.replace(/^\[|\]$/g, '')),
    port: portNumber ? Number(portNumber) : undefined,
    user: text(user) ?? query.get('user') ?? undefined,
    password: text(password) ?? query.get('password') ?? undefined,
    database: text(database) ?? query.get('dbname') ?? undefined,
  });
}

function refuseNonPort(port: number): void {
  if (Number.isInteger(port) && port > 0 && port < 65_536) return;
  throw new DatakitError({
    code: 'OPTION_INVALID',
    message: 'The port of PostgreSQL is no number from 1 to 65535.',
    hint: 'Check --port, the URL, and PGPORT.',
  });
}

function decode(value: string, what: string): string {
  try {
    return decodeURIComponent(value);
  } catch (cause) {
    throw new DatakitError({
      code: 'OPTION_INVALID',
      message: `${what} has a part that is not percent-encoded correctly.`,
      hint: 'A percent sign itself is written as %25.',
      cause,
    });
  }
}

function dropUndefined<Fields extends object>(fields: Fields): { [Key in keyof Fields]?: NonNullable<Fields[Key]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
