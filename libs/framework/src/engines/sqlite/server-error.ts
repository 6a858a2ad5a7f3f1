import { DatakitError } from '../../errors/datakit-error.ts';
import type { ErrorCode } from '../../errors/error-codes.ts';

/** Primary result codes. @see https://www.sqlite.org/rescode.html */
const codes: Readonly<Record<number, { code: ErrorCode; message: string; retryable?: boolean; hint?: string }>> = {
  5: { code: 'LOCKED', message: 'another process is writing to it', retryable: true },
  6: { code: 'LOCKED', message: 'a table of it is locked', retryable: true },
  8: { code: 'TARGET_FAILED', message: 'it is read-only', hint: 'Check the rights of the file and of its folder.' },
  10: { code: 'TARGET_FAILED', message: 'the disk reported an error' },
  11: { code: 'TARGET_FAILED', message: 'the file is damaged', hint: 'Restore it, or delete it and load again.' },
  13: { code: 'DISK_FULL', message: 'the disk is full', hint: 'Free space and run again.' },
  14: {
    code: 'TARGET_UNREACHABLE',
    message: 'the file cannot be opened',
    hint: 'Check the path and the rights of its folder.',
  },
  26: { code: 'TARGET_UNREACHABLE', message: 'the file is no SQLite database' },
};

/** SQLITE_IOERR_SHMSIZE: the file beside a write-ahead log could not grow, which is what a full disk looks like there. */
const noRoomBesideLog = 4874;

/** Turns an error of `node:sqlite` into ours; texts that can hold row values are not repeated. */
export function serverError(error: unknown, doing: string): DatakitError {
  if (error instanceof DatakitError) return error;
  const { errcode, message = '', syscall } = error as { errcode?: number; message?: string; syscall?: string };
  if (syscall !== undefined) return fileError(error as NodeJS.ErrnoException, doing);
  const known = errcode === undefined ? undefined : codes[errcode === noRoomBesideLog ? 13 : errcode & 0xff];
  // Generic errors (1) and constraints (19) name tables and columns, not values.
  const detail =
    known?.message ?? (errcode === 1 || (errcode ?? 0) % 256 === 19 ? message : `SQLite error ${errcode ?? 'unknown'}`);
  return new DatakitError({
    code: known?.code ?? 'TARGET_FAILED',
    message: `Could not ${doing}: ${detail}.`,
    ...(known?.hint ? { hint: known.hint } : {}),
    retryable: known?.retryable ?? false,
    details: { sqliteCode: errcode },
    cause: error,
  });
}

/** The folder of the file cannot be made or used. */
function fileError(error: NodeJS.ErrnoException, doing: string): DatakitError {
  return new DatakitError({
    code: error.code === 'ENOSPC' ? 'DISK_FULL' : 'TARGET_UNREACHABLE',
    message: `Could not ${doing}: ${error.code} on ${error.path ?? 'its folder'}.`,
    hint: 'Check the path and the rights of its folder.',
    cause: error,
  });
}

/** True for SQLITE_BUSY in all its forms. */
export function isBusy(error: unknown): boolean {
  const code = (error as { errcode?: number } | null)?.errcode ?? (error as DatakitError).details?.['sqliteCode'];
  return typeof code === 'number' && (code & 0xff) === 5;
}
