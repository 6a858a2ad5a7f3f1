import type pg from 'pg';

/** What the driver's types do not know yet. @see https://node-postgres.com/features/pipelining */
type PipeliningClient = pg.Client & { pipeline: boolean };

/**
 * Sends all statements at once, each as a message of its own, and reads the answers as they come: a deployment of a
 * thousand statements waits for the network once. Inside a transaction only, where the server refuses what follows a
 * statement that failed.
 *
 * @returns the first failure
 */
export async function runPipelined(
  client: pg.Client,
  statements: readonly string[],
): Promise<{ readonly statement: number; readonly error: unknown } | undefined> {
  const pipelining = client as PipeliningClient;
  pipelining.pipeline = true;
  try {
    const answers = await Promise.allSettled(statements.map((sql) => client.query(sql)));
    const statement = answers.findIndex(({ status }) => status === 'rejected');
    return statement === -1 ? undefined : { statement, error: (answers[statement] as PromiseRejectedResult).reason };
  } finally {
    pipelining.pipeline = false;
  }
}
