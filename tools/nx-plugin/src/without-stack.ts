import { DatakitError, formatError } from '@datakit/framework/options';

/**
 * Runs `work` and turns a {@link DatakitError} into an error that Nx prints as its lines and nothing else.
 * Nx shows the stack of what a plugin throws, or a hint how to see it; neither helps with a mistyped name.
 */
export function withoutStack<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof DatakitError)) throw error;
    const plain = new Error(formatError(error));
    plain.stack = '';
    throw plain;
  }
}
