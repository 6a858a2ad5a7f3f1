import { DatakitError } from '../errors/datakit-error.ts';
import { suggestName } from '../errors/nearest-name.ts';
import type { SecurityFields } from '../model/connection-security.ts';
import type { KerberosSettings, TlsSettings } from './connection-security.ts';

/** Where a database of a server is, as its URL and the server's usual variables say. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  /** How the connection is encrypted; absent for servers of ours. */
  readonly tls?: TlsSettings;
  /** Absent where Kerberos is not asked for. */
  readonly kerberos?: KerberosSettings;
}

/** What somebody said about an address: parts of it, and how the connection is secured. */
export interface GivenAddress extends Partial<Omit<ServerAddress, 'tls' | 'kerberos'>> {
  readonly security?: SecurityFields;
}

/** What the URLs of one kind of server look like. */
export interface ServerUrlForm {
  readonly schemes: readonly [string, ...string[]];
  /** The server's name, for messages. */
  readonly name: string;
  /** The usual port. */
  readonly port: number;
  /** Names that may stand behind the question mark, beside those of the address. */
  readonly parameters: readonly (keyof SecurityFields)[];
}

const addressParameters = ['host', 'socket', 'port', 'user', 'password', 'dbname'];

const urlParts =
  /^(?<scheme>[a-z]+):\/\/(?:(?<user>[^:@/?#]*)(?::(?<password>[^@/?#]*))?@)?(?<host>\[[^\]]+\]|[^:/?#@]*)(?::(?<port>\d+))?(?:\/(?<database>[^?#]*))?(?:\?(?<query>[^#]*))?$/;

/**
 * Reads `<scheme>://user:password@host:port/database`; a unix socket is `?host=` or `?socket=`, or percent-encoded in the
 * place of the host.
 *
 * @param what what the URL is for, for the message; the URL itself is never repeated, it may hold a password
 * @throws OPTION_INVALID for a text that is no such URL
 */
export function parseServerUrl(url: string, what: string, form: ServerUrlForm): GivenAddress {
  const match = urlParts.exec(url);
  if (!match?.groups || !form.schemes.includes(match.groups['scheme'] as string)) {
    throw new DatakitError({
      code: 'OPTION_INVALID',
      message: `${what} is no ${form.name} URL.`,
      hint: `Write it as ${form.schemes[0]}://user@host:${form.port}/database; characters such as @ : / ? # % in a password are percent-encoded.`,
    });
  }
  const { user, password, host, port, database } = match.groups;
  const query = new URLSearchParams(match.groups['query'] ?? '');
  const text = (value: string | undefined | null): string | undefined => (value ? decode(value, what) : undefined);
  const known = [...addressParameters, ...form.parameters];
  for (const name of query.keys()) {
    if (known.includes(name)) continue;
    throw new DatakitError({
      code: 'OPTION_INVALID',
      message: `${what} has a part "${name}" that is not known.`,
      hint: suggestName(name, known),
    });
  }
  const security = Object.fromEntries([...query].filter(([name]) => (form.parameters as string[]).includes(name)));
  const portNumber = port ?? query.get('port');
  return dropUndefined({
    host: query.get('host') ?? query.get('socket') ?? text(host?.replace(/^\[|\]$/g, '')),
    port: portNumber ? Number(portNumber) : undefined,
    user: text(user) ?? query.get('user') ?? undefined,
    password: text(password) ?? query.get('password') ?? undefined,
    database: text(database) ?? query.get('dbname') ?? undefined,
    security: Object.keys(security).length === 0 ? undefined : security,
  });
}

/** @throws OPTION_INVALID for a port that is none */
export function refuseNonPort(port: number, server: string, variable: string): void {
  if (Number.isInteger(port) && port > 0 && port < 65_536) return;
  throw new DatakitError({
    code: 'OPTION_INVALID',
    message: `The port of ${server} is no number from 1 to 65535.`,
    hint: `Check --port, the URL, and ${variable}.`,
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
