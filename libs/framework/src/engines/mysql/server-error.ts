import { DatakitError } from '../../errors/datakit-error.ts';
import type { ErrorCode } from '../../errors/error-codes.ts';
import { tlsHint, tlsProblem } from '../tls.ts';
import { nameIn, rowErrors } from './row-errors.ts';

interface MysqlError {
  readonly code?: string;
  readonly errno?: number;
  readonly message?: string;
  readonly sqlState?: string;
  readonly sqlMessage?: string;
  readonly fatal?: boolean;
}

type Fields = { code: ErrorCode; message: string; hint?: string; retryable?: boolean };

const unreachable = new Set(
  'ECONNREFUSED ENOTFOUND EAI_AGAIN ETIMEDOUT EHOSTUNREACH ENETUNREACH ENOENT EACCES ENOTSOCK'.split(' '),
);
const connectionLost = new Set(['ECONNRESET', 'EPIPE', 'PROTOCOL_CONNECTION_LOST', 'PROTOCOL_PACKETS_OUT_OF_ORDER']);
const sessionEnded = new Set([1053, 1077, 1152, 1153, 1158, 1159, 1160, 1161, 1184, 1927, 3169, 4031]);
const accessDenied = new Set([1044, 1045, 1130, 1251, 1524, 1698, 1862, 3118, 3955, 4151]);
const diskFull = new Set([1021, 1114, 1041]);
const lockTimeout = new Set([1205, 3572]);
const triggersNeedTrust = 1419;
const deadlock = new Set([1213, 1020]);

/**
 * Turns a driver's error into ours. The server's text is left out where it can hold row values.
 * @param doing what failed, for the message: `connect to MariaDB at localhost:3306/datakit`
 */
export function serverError(error: unknown, doing: string): DatakitError {
  if (error instanceof DatakitError) return error;
  const { code = '', errno = 0, message = '', sqlState = '', sqlMessage, fatal } = error as MysqlError;
  const make = (fields: Fields): DatakitError =>
    new DatakitError({ ...fields, details: { errno, driverCode: code }, cause: error });
  const failed = (what: string): string => `Could not ${doing}: ${what}.`;
  const problem = tlsProblem(error);
  if (problem !== undefined) return make({ code: 'TARGET_UNREACHABLE', message: failed(problem), hint: tlsHint });
  if (accessDenied.has(errno) || code.startsWith('AUTH_SWITCH') || /authentication using/.test(message)) {
    return make({
      code: 'AUTH_FAILED',
      message: failed('the server refused the user, the password or the database'),
      hint: 'Check the user, and the password in the environment (MYSQL_PWD, or the URL in DATAKIT_<TARGET>_URL).',
    });
  }
  if (unreachable.has(code)) {
    return make({
      code: 'TARGET_UNREACHABLE',
      message: failed(`nothing answers (${code})`),
      hint: 'Check host and port, and that the server runs.',
      retryable: true,
    });
  }
  if (connectionLost.has(code) || sessionEnded.has(errno) || (fatal && errno === 0) || /closed state/.test(message)) {
    return make({ code: 'TARGET_UNREACHABLE', message: failed('the connection was lost'), retryable: true });
  }
  if (diskFull.has(errno)) {
    return make({
      code: 'DISK_FULL',
      message: failed('the disk of the server is full'),
      hint: 'Free space and run again.',
    });
  }
  if (lockTimeout.has(errno)) {
    return make({
      code: 'LOCKED',
      message: failed('another session uses the table'),
      hint: 'Wait for it to end, then run again. show full processlist tells who it is.',
      retryable: true,
    });
  }
  if (deadlock.has(errno)) {
    return make({ code: 'TARGET_FAILED', message: failed('another transaction was in the way'), retryable: true });
  }
  if (errno === triggersNeedTrust) {
    return make({
      code: 'RIGHTS_MISSING',
      message: failed('the server writes a binary log and lets only administrators make triggers'),
      hint: 'Set log_bin_trust_function_creators=1 on the server, or deploy with an account that has SUPER; then deploy again.',
    });
  }
  // Classes 22 and 23 are about values, whose text must not travel.
  const what = rowErrors[errno] ?? (/^2[23]/.test(sqlState) ? `a value that the server refuses (${errno})` : undefined);
  if (what !== undefined) {
    const name = nameIn(sqlMessage ?? message);
    return make({ code: 'TARGET_FAILED', message: failed(`${what}${name === undefined ? '' : ` in ${name}`}`) });
  }
  return make({
    code: 'TARGET_FAILED',
    message: failed(sqlMessage ?? (errno ? `error ${errno}` : `${(error as Error).name} ${code}`.trim())),
  });
}
