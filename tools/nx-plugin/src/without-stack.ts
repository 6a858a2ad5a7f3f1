import { DatakitError, formatError } from '@datakit/framework/options';

/**
 * Runs `work` and turns a {@link DatakitError} into an error that Nx prints as its lines and nothing else.
 * Nx shows the stack of what a plugin throws, or a hint how to see it; neither helps with a mistyped name.
 */
export function withoutStack<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw plainError(error);
  }
}

/** The same for work that takes its time, as that of a generator. */
export async function withoutStackTrace<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw plainError(error);
  }
}

function plainError(error: unknown): unknown {
  if (!(error instanceof DatakitError)) return error;
  const plain = new Error(formatError(error));
  plain.stack = '';
  return plain;
}
