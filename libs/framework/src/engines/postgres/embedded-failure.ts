import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { DatakitError } from '../../errors/datakit-error.ts';

/** What is known about a failed start besides its reason. */
export interface ServerFailureDetails {
  /** The last lines of the log that tells why. */
  readonly log?: readonly string[];
  readonly hint?: string;
  readonly cause?: unknown;
}

/** The one error of this server: what went wrong, the last lines of its log, what to do. */
export function serverFailed(reason: string, { log = [], hint, cause }: ServerFailureDetails = {}): DatakitError {
  return new DatakitError({
    code: 'SERVER_FAILED',
    message: [`The embedded PostgreSQL server failed: ${reason}`, ...log.map((line) => `  | ${line}`)].join('\n'),
    hint: hint ?? 'Look at the lines above, or use another target, for example sqlite_file or postgres_container.',
    cause,
  });
}

const tailBytes = 8192;

/** The last lines of a log file that may not exist. */
export function lastLines(file: string, count = 12): string[] {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return [];
  }
  try {
    const { size } = fstatSync(descriptor);
    const buffer = Buffer.alloc(Math.min(size, tailBytes));
    readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
    const lines = buffer.toString('utf8').split(/\r?\n/);
    return lines.filter((line) => line.trim() !== '').slice(-count);
  } finally {
    closeSync(descriptor);
  }
}
