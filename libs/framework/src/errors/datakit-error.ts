import type { ErrorCode } from './error-codes.ts';

/** What a {@link DatakitError} is made of. */
export interface DatakitErrorFields {
  readonly code: ErrorCode;
  /** What happened, to what. One sentence or a short list; no row value, no secret. */
  readonly message: string;
  /** What the user does next. */
  readonly hint?: string;
  /** Named facts for machines; only names, counts and positions, never values of rows. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** True where the same call can succeed a moment later (a lost connection, a held lock). */
  readonly retryable?: boolean;
  /** The driver's own error; kept for debuggers, never printed or serialised. */
  readonly cause?: unknown;
}

/**
 * The one error class of the framework.
 *
 * @example
 * ```ts
 * try {
 *   await deploy(datakit, database);
 * } catch (error) {
 *   if (error instanceof DatakitError && error.retryable) await retryLater();
 *   else throw error;
 * }
 * ```
 */
export class DatakitError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  readonly retryable: boolean;

  constructor(fields: DatakitErrorFields) {
    super(fields.message);
    this.name = 'DatakitError';
    this.code = fields.code;
    this.hint = fields.hint;
    this.details = fields.details ?? {};
    this.retryable = fields.retryable ?? false;
    // Drivers put row values into `detail` and `message`, so the cause must not travel with JSON or a log line.
    Object.defineProperty(this, 'cause', { value: fields.cause, enumerable: false });
  }

  /** The error as reports and `--json` output carry it. */
  toJSON(): { code: ErrorCode; message: string; hint?: string; retryable: boolean; details: object } {
    const { code, message, hint, retryable, details } = this;
    return { code, message, ...(hint === undefined ? {} : { hint }), retryable, details };
  }
}

/** One line for people: `CODE: what happened. What to do next.` */
export function formatError(error: DatakitError): string {
  return `${error.code}: ${error.message}${error.hint ? `\n  ${error.hint.replaceAll('\n', '\n  ')}` : ''}`;
}

/**
 * Turns whatever was thrown into a {@link DatakitError}, so that every edge reports the same way.
 * An unknown error keeps its class name but not its text: the text of a driver's error may hold row values.
 */
export function toDatakitError(error: unknown, whileDoing: string): DatakitError {
  if (error instanceof DatakitError) return error;
  const kind = error instanceof Error ? error.name : typeof error;
  const code = (error as { code?: unknown } | null)?.code;
  return new DatakitError({
    code: 'INTERNAL',
    message: `${whileDoing} failed with ${kind}${typeof code === 'string' ? ` ${code}` : ''}`,
    hint: 'Run again with DATAKIT_DEBUG=1 to see the full error and its stack (it may show row values).',
    cause: error,
  });
}
