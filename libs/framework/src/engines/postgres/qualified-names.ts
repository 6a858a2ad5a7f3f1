import type { Session } from '../session.ts';

/**
 * Runs catalogue queries so that every name in a definition comes with its schema: the server leaves out those that the
 * session's `search_path` finds, and a definition would mean something else to another role.
 */
export async function withQualifiedNames<Result>(session: Session, work: () => Promise<Result>): Promise<Result> {
  const [before] = await session.query<{ path: string }>(
    `select current_setting('search_path') as path, set_config('search_path', 'pg_catalog', false)`,
  );
  try {
    return await work();
  } finally {
    // In a transaction that failed the rollback restores it.
    await session.query(`select set_config('search_path', ?, false)`, [before?.path ?? '']).catch(() => undefined);
  }
}
