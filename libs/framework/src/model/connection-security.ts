/** TLS modes as libpq names them, from the weakest. */
export const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof sslModes)[number];

/** Encryption by Kerberos as libpq names it. */
export const gssEncryptionModes = ['disable', 'prefer', 'require'] as const;
export type GssEncryptionMode = (typeof gssEncryptionModes)[number];

/** How a connection is secured, as a URL, a definition or the environment says it; all names are libpq's. */
export interface SecurityFields {
  readonly sslmode?: string;
  /** Files in PEM: the authority that signed the server's certificate, the client's certificate and its key. */
  readonly sslrootcert?: string;
  readonly sslcert?: string;
  readonly sslkey?: string;
  /** Authenticate with Kerberos; setting `gssencmode` to `prefer` or `require` says so, too. PostgreSQL only. */
  readonly useKerberos?: boolean | string;
  readonly gssencmode?: string;
  /** First part of the service principal; `postgres`. */
  readonly krbsrvname?: string;
  /** Where tickets are kept, and a file with keys; else KRB5CCNAME and KRB5_CLIENT_KTNAME say it. */
  readonly credentialCache?: string;
  readonly clientKeytab?: string;
}

/** The fields of {@link SecurityFields} that are about TLS, and those about Kerberos. */
export const tlsFieldNames = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey'] as const;
export const kerberosFieldNames = [
  'useKerberos',
  'gssencmode',
  'krbsrvname',
  'credentialCache',
  'clientKeytab',
] as const;
