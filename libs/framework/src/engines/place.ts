import type { KerberosSettings, TlsSettings } from '../settings/connection-security.ts';

/** Where a database is, resolved: no variables, no guesses left. Holds the password, so it is never printed. */
export type Place =
  | { readonly engine: 'sqlite'; readonly file: string | ':memory:' }
  | ServerPlace<'postgres'>
  | ServerPlace<'mysql'>
  | ServerPlace<'mariadb'>;

/** A database of a server. */
export interface ServerPlace<Name extends string> {
  readonly engine: Name;
  /** Host name, or a unix socket: its folder on PostgreSQL, its file or folder on MySQL and MariaDB. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  readonly tls?: TlsSettings;
  readonly kerberos?: KerberosSettings;
}

const labels = { postgres: 'PostgreSQL', mysql: 'MySQL', mariadb: 'MariaDB' } as const;

/** The place for people: `PostgreSQL at localhost:5432/datakit`; no user, no password. */
export function describePlace(place: Place): string {
  if (place.engine === 'sqlite') return place.file === ':memory:' ? 'SQLite in memory' : `SQLite file ${place.file}`;
  // A socket of MySQL or MariaDB is a file and has no port.
  const isFile = place.engine !== 'postgres' && place.host.startsWith('/');
  return `${labels[place.engine]} at ${place.host}:${isFile ? '' : `${place.port}/`}${place.database}`;
}
