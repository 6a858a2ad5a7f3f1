import { DatakitError } from '../../../errors/datakit-error.ts';
import type { ErrorCode } from '../../../errors/error-codes.ts';
import type { Gssapi } from './gssapi-library.ts';
import { takeBytes } from './gss-bytes.ts';

/** Routine errors of RFC 2744, in bits 16 to 23 of a status. */
const noCredential = 7;
const credentialsExpired = 11;

interface Explanation {
  readonly code: ErrorCode;
  readonly what: string;
  readonly hint: string;
  readonly retryable?: boolean;
}

const noTicket: Explanation = {
  code: 'KERBEROS_NO_TICKET',
  what: 'there is no ticket',
  hint: 'Get one with "kinit", or name a keytab: "clientKeytab" in the definition, or KRB5_CLIENT_KTNAME in the environment.',
};

const expired: Explanation = {
  code: 'KERBEROS_EXPIRED',
  what: 'the ticket has expired',
  hint: 'Renew it with "kinit", or name a keytab, from which new tickets come by themselves.',
};

/** Errors of MIT's krb5 library (`krb5_err.et`), as the unsigned number that a minor status is. */
const minorStatuses: Readonly<Record<number, Explanation>> = Object.fromEntries(
  (
    [
      [-1765328189, noTicket], // KRB5_FCC_NOFILE
      [-1765328243, noTicket], // KRB5_CC_NOTFOUND
      [-1765328203, noTicket], // KRB5_KT_NOTFOUND
      [-1765328352, expired], // KRB5KRB_AP_ERR_TKT_EXPIRED
      [
        -1765328377, // KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN
        {
          code: 'KERBEROS_SERVICE_UNKNOWN',
          what: 'the KDC does not know the service of that host',
          hint: 'Use the host name that the service principal has (postgres/<host>), not an address or an alias; "krbsrvname" changes the first part.',
        },
      ],
      [
        -1765328228, // KRB5_KDC_UNREACH
        {
          code: 'KERBEROS_KDC_UNREACHABLE',
          what: 'no KDC of the realm answers',
          hint: 'Check the realm in krb5.conf (KRB5_CONFIG) and the network.',
          retryable: true,
        },
      ],
    ] as const
  ).map(([number, explanation]) => [number >>> 0, explanation]),
);

/**
 * A failed call as an error. The library's own words name principals and files, no secrets.
 *
 * @throws nothing; returns KERBEROS_NO_TICKET, KERBEROS_EXPIRED, KERBEROS_SERVICE_UNKNOWN, KERBEROS_KDC_UNREACHABLE
 * or KERBEROS_FAILED
 */
export function gssFailure(library: Gssapi, doing: string, status: number, minor: number): DatakitError {
  const routine = (status >>> 16) & 0xff;
  const explanation: Explanation = minorStatuses[minor >>> 0] ??
    (routine === credentialsExpired ? expired : routine === noCredential ? noTicket : undefined) ?? {
      code: 'KERBEROS_FAILED',
      what: 'the library refused',
      hint: 'KRB5_TRACE=/dev/stderr shows what the library does.',
    };
  const words = [wordsOf(library, status, 1), wordsOf(library, minor, 2)].filter(Boolean).join(': ');
  return new DatakitError({
    code: explanation.code,
    message: `Kerberos could not ${doing}: ${explanation.what} (${words}).`,
    hint: explanation.hint,
    retryable: explanation.retryable ?? false,
    details: { status: status >>> 0, minor: minor >>> 0 },
  });
}

function wordsOf(library: Gssapi, status: number, type: 1 | 2): string {
  if (status === 0) return '';
  const text = {};
  const failed = library.displayStatus([0], status >>> 0, type, null, [0], text);
  return failed ? `${status >>> 0}` : takeBytes(library, text).toString().replace(/\.$/, '');
}
