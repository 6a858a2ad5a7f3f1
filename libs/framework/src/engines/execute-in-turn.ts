import { DatakitError } from '../errors/datakit-error.ts';
import type { Session } from './session.ts';

/** Runs statements one after the other, where waiting for each costs nothing or keeps them apart. */
export async function executeInTurn(session: Pick<Session, 'execute'>, statements: readonly string[]): Promise<void> {
  for (const [index, sql] of statements.entries()) {
    try {
      await session.execute(sql);
    } catch (error) {
      throw atStatement(error, index);
    }
  }
}

/** The error of one of several statements, with its place among them. */
export function atStatement(error: unknown, statement: number): unknown {
  if (!(error instanceof DatakitError)) return error;
  const { code, message, hint, retryable, details, cause } = error;
  const fields = { code, message, retryable, details: { ...details, statement }, cause };
  return new DatakitError(hint === undefined ? fields : { ...fields, hint });
}
