import { DatakitError } from '../../errors/datakit-error.ts';
import type { ErrorCode } from '../../errors/error-codes.ts';
import { tlsHint, tlsProblem } from '../tls.ts';

interface PostgresError {
  readonly code?: string;
  readonly message: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
}

const unreachable = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'EACCES',
]);
const connectionLost = new Set(['ECONNRESET', 'EPIPE', '57P01', '57P02', '57P03', '08006', '08003', '08000']);
const serialization = new Set(['40001', '40P01']);

/**
 * Turns a driver's error into ours. The server's text is repeated only for errors about names and rights (class 42, 3D, 3F):
 * the text of the others can hold row values.
 *
 * @param doing what failed, for the message: `connect to PostgreSQL at localhost:5432/datakit`
 */
export function serverError(
  error: unknown,
  doing: string,
  unreachableCode: ErrorCode = 'TARGET_UNREACHABLE',
): DatakitError {
  if (error instanceof DatakitError) return error;
  const { code = '', message, table, column, constraint } = error as PostgresError;
  const about = [table && `table ${table}`, column && `column ${column}`, constraint && `constraint ${constraint}`]
    .filter(Boolean)
    .join(', ');
  const make = (fields: { code: ErrorCode; message: string; hint?: string; retryable?: boolean }): DatakitError =>
    new DatakitError({ ...fields, details: { sqlState: code, table, column, constraint }, cause: error });
  const problem = tlsProblem(error);
  if (problem !== undefined) {
    return make({ code: unreachableCode, message: `Could not ${doing}: ${problem}.`, hint: tlsHint });
  }
  if (code.startsWith('28')) {
    return make({
      code: 'AUTH_FAILED',
      message: `Could not ${doing}: the server refused the user or the password.`,
      hint: 'Check the user, and the password in the environment (PGPASSWORD, or the URL in DATAKIT_<TARGET>_URL).',
    });
  }
  if (unreachable.has(code) || /timeout expired|Connection terminated|not queryable/i.test(message)) {
    return make({
      code: unreachableCode,
      message: `Could not ${doing}: ${unreachable.has(code) ? `nothing answers (${code})` : 'the connection ended or timed out'}.`,
      hint: 'Check host and port, and that the server runs.',
      retryable: true,
    });
  }
  if (code === '3D000') {
    return make({
      code: unreachableCode,
      message: `Could not ${doing}: the server has no such database.`,
      hint: 'Check the name of the database.',
    });
  }
  if (connectionLost.has(code)) {
    return make({ code: unreachableCode, message: `Could not ${doing}: the connection was lost.`, retryable: true });
  }
  if (code === '53100') {
    return make({
      code: 'DISK_FULL',
      message: `Could not ${doing}: the disk of the server is full.`,
      hint: 'Free space and run again.',
    });
  }
  if (code === '55P03') {
    return make({
      code: 'LOCKED',
      message: `Could not ${doing}: another session uses the table.`,
      hint: 'Wait for it to end, then run again. select * from pg_stat_activity shows who it is.',
      retryable: true,
    });
  }
  if (serialization.has(code)) {
    return make({
      code: 'TARGET_FAILED',
      message: `Could not ${doing}: another transaction was in the way.`,
      retryable: true,
    });
  }
  const harmless = /^(42|3D|3F|0A|25|53|54|55)/.test(code);
  const detail = harmless ? message : [`SQL state ${code || 'unknown'}`, about].filter(Boolean).join(', ');
  return make({ code: 'TARGET_FAILED', message: `Could not ${doing}: ${detail}.` });
}
