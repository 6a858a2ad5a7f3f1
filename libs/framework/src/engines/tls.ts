import { readFile } from 'node:fs/promises';
import { checkServerIdentity, type ConnectionOptions } from 'node:tls';
import { DatakitError } from '../errors/datakit-error.ts';
import type { SslMode } from '../model/connection-security.ts';
import type { TlsSettings } from '../settings/connection-security.ts';

/** Whether to try with TLS, in order; the second way is taken where the server does not want the first. */
export function tlsAttempts(mode: SslMode = 'disable'): readonly boolean[] {
  switch (mode) {
    case 'disable':
      return [false];
    case 'allow':
      return [false, true];
    case 'prefer':
      return [true, false];
    default:
      return [true];
  }
}

/**
 * The settings as Node.js wants them. As in libpq `require` only encrypts, unless there is a root certificate;
 * `verify-ca` checks who signed the server's certificate, `verify-full` its host name, too.
 *
 * @throws OPTION_INVALID for a file that cannot be read
 */
export async function tlsOptions(
  { sslmode, sslrootcert, sslcert, sslkey }: TlsSettings,
  host: string,
): Promise<ConnectionOptions> {
  const verifies = sslmode.startsWith('verify') || (sslmode === 'require' && sslrootcert !== undefined);
  return {
    rejectUnauthorized: verifies,
    // Drivers upgrade a socket of their own and name no host for an address: Node.js then checks the name `localhost`.
    checkServerIdentity: (_name, certificate) =>
      sslmode === 'verify-full' ? checkServerIdentity(host, certificate) : undefined,
    ...(sslrootcert === undefined || sslrootcert === 'system' ? {} : { ca: await read(sslrootcert, 'sslrootcert') }),
    ...(sslcert === undefined ? {} : { cert: await read(sslcert, 'sslcert') }),
    ...(sslkey === undefined ? {} : { key: await read(sslkey, 'sslkey') }),
  };
}

async function read(file: string, name: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new DatakitError({
      code: 'OPTION_INVALID',
      message: `The file of ${name} cannot be read: ${file} (${(cause as NodeJS.ErrnoException).code}).`,
      hint: 'Give the path of a file in PEM, absolute or relative to where the command runs.',
      cause,
    });
  }
}

const certificateProblems =
  /^(ERR_TLS_|ERR_SSL_|ERR_OSSL|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|CERT_|HANDSHAKE_(NO_)?SSL)|INVALID_PURPOSE|HOSTNAME_MISMATCH/;

/**
 * What kept a connection from being encrypted as asked, in the words of a message; undefined for other errors.
 * Drivers say it with codes of OpenSSL, of Node.js, or only with words.
 */
export function tlsProblem(error: unknown): string | undefined {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT' || /does not support (SSL|secure connection)/i.test(message)) {
    return 'the server has no TLS, and sslmode asks for it';
  }
  return certificateProblems.test(code) ? `its certificate is not trusted (${code})` : undefined;
}

/** What to do about a {@link tlsProblem}. */
export const tlsHint = 'Check sslmode, sslrootcert, and the host name, which must be one that the certificate is for.';
