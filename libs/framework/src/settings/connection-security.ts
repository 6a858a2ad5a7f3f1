import { DatakitError } from '../errors/datakit-error.ts';
import { suggestName } from '../errors/nearest-name.ts';
import {
  gssEncryptionModes,
  kerberosFieldNames,
  sslModes,
  tlsFieldNames,
  type GssEncryptionMode,
  type SecurityFields,
  type SslMode,
} from '../model/connection-security.ts';
import type { Environment } from './environment.ts';

/** TLS, decided. */
export interface TlsSettings {
  readonly sslmode: SslMode;
  readonly sslrootcert?: string;
  readonly sslcert?: string;
  readonly sslkey?: string;
}

/** Kerberos, decided. */
export interface KerberosSettings {
  readonly gssencmode: GssEncryptionMode;
  readonly krbsrvname: string;
  readonly credentialCache?: string;
  readonly clientKeytab?: string;
  /** Nobody named a user: it is the one of the ticket. Containers run as root, and tickets do not. */
  readonly takesUserFromTicket: boolean;
}

/** The security of a definition, its `${NAME}` parts filled. @returns undefined where it says nothing */
export function securityOf(definition: SecurityFields, fill: (text: string) => string): SecurityFields | undefined {
  const given = [...tlsFieldNames, ...kerberosFieldNames].flatMap((name) => {
    const value = definition[name];
    return value === undefined ? [] : [[name, typeof value === 'string' ? fill(value) : value] as const];
  });
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

/** libpq's environment variables. */
export const postgresSecurityVariables = {
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  gssencmode: 'PGGSSENCMODE',
  krbsrvname: 'PGKRBSRVNAME',
} as const satisfies Partial<Record<keyof SecurityFields, string>>;

/** What is not given, from the environment. */
export function withEnvironment(
  given: SecurityFields,
  environment: Environment,
  variables: Readonly<Partial<Record<keyof SecurityFields, string>>>,
): SecurityFields {
  const found = Object.entries(variables).flatMap(([field, variable]) =>
    environment[variable] ? [[field, environment[variable]]] : [],
  );
  const defined = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(found), ...Object.fromEntries(defined) };
}

/**
 * Decides about TLS. Where nothing is said: `prefer`, as libpq does, but `allow` for servers on this machine, where
 * nobody listens in and encryption only costs time.
 *
 * @param what whose settings these are, for messages
 * @throws OPTION_INVALID for a mode that there is not, or a certificate without its key
 */
export function tlsSettings(fields: SecurityFields, host: string, what: string): TlsSettings {
  const isLocal = host.startsWith('/') || /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);
  const sslmode = oneOf(sslModes, fields.sslmode ?? (isLocal ? 'allow' : 'prefer'), 'sslmode', what);
  const { sslrootcert, sslcert, sslkey } = fields;
  if ((sslcert === undefined) !== (sslkey === undefined)) {
    throw invalid(`${what}: sslcert and sslkey belong together.`, 'Give both files or none.');
  }
  if (sslmode.startsWith('verify') && sslrootcert === undefined) {
    throw invalid(
      `${what}: sslmode ${sslmode} needs sslrootcert.`,
      'Name the file with the certificate of the authority, or "system" for those that Node.js trusts.',
    );
  }
  return {
    sslmode,
    ...(sslrootcert === undefined ? {} : { sslrootcert }),
    ...(sslcert === undefined ? {} : { sslcert }),
    ...(sslkey === undefined ? {} : { sslkey }),
  };
}

/**
 * Decides about Kerberos.
 * @returns undefined where it is not asked for, so that nothing of it is loaded
 * @throws OPTION_INVALID for a mode that there is not, or for a unix socket
 */
export function kerberosSettings(
  fields: SecurityFields,
  host: string,
  user: string | undefined,
  what: string,
): KerberosSettings | undefined {
  const { useKerberos, krbsrvname = 'postgres', credentialCache, clientKeytab } = fields;
  const asked = useKerberos === undefined ? undefined : oneOf(['true', 'false'], `${useKerberos}`, 'useKerberos', what);
  const mode =
    fields.gssencmode === undefined ? undefined : oneOf(gssEncryptionModes, fields.gssencmode, 'gssencmode', what);
  if (asked === 'false' && mode === 'require') {
    throw invalid(`${what}: gssencmode "require" without Kerberos.`, 'Leave out one of useKerberos and gssencmode.');
  }
  const wanted = asked === undefined ? mode !== undefined && mode !== 'disable' : asked === 'true';
  if (!wanted) return undefined;
  if (host.startsWith('/')) {
    // libpq's default for every connection is `prefer`, so a variable may say it where a socket is used.
    if (asked === undefined && mode === 'prefer') return undefined;
    throw invalid(`${what}: Kerberos needs a host name, not a unix socket.`, 'Name the host as its principal has it.');
  }
  return {
    gssencmode: mode ?? 'prefer',
    krbsrvname,
    ...(credentialCache === undefined ? {} : { credentialCache }),
    ...(clientKeytab === undefined ? {} : { clientKeytab }),
    takesUserFromTicket: user === undefined,
  };
}

function oneOf<Value extends string>(values: readonly Value[], given: string, name: string, what: string): Value {
  const found = values.find((value) => value === given);
  if (found) return found;
  throw invalid(`${what}: ${name} is none of ${values.join(', ')}.`, suggestName(given, [...values]));
}

function invalid(message: string, hint: string): DatakitError {
  return new DatakitError({ code: 'OPTION_INVALID', message, hint });
}
