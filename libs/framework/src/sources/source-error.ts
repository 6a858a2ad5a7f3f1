import { DatakitError } from '../errors/datakit-error.ts';
import type { ErrorCode } from '../errors/error-codes.ts';

/** Engines are written for targets, and say so in their codes; a source has codes of its own. */
const codes: Partial<Record<ErrorCode, ErrorCode>> = {
  TARGET_UNREACHABLE: 'SOURCE_UNAVAILABLE',
  TARGET_FAILED: 'SOURCE_FAILED',
};

/** The error of an engine as that of a source. */
export function asSourceError(error: DatakitError): DatakitError {
  const { message, hint, details, retryable, cause } = error;
  const code = codes[error.code];
  if (code === undefined) return error;
  return new DatakitError({ code, message, ...(hint === undefined ? {} : { hint }), details, retryable, cause });
}

/** Does something with a source; what fails has the codes of one. */
export async function fromSource<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof DatakitError ? asSourceError(error) : error;
  }
}
