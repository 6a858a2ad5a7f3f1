import { leaseEmbeddedServer } from '@datakit/framework/embedded-postgres';
import pg from 'pg';
import { createPagila, defaultScale, generatorVersion } from './create-pagila.ts';
import type { PagilaOptions } from './create-pagila.ts';

/** A source database that can be read until it is released. */
export interface ServedSource {
  readonly connection: { host: string; port: number; user: string; password: string; database: string };
  /** What it is, for people. */
  readonly description: string;
  release(): Promise<void>;
}

/** Where, and how much. */
export interface ServeOptions extends PagilaOptions {
  /** The folder whose embedded server serves it; Datakit's own by default. */
  readonly home?: string;
}

const anyFixedKey = 7_246_454;

/**
 * Serves the source from the embedded PostgreSQL server. The database is made by the first call and used again by
 * later ones, of any process; it is there as a whole or not at all.
 *
 * @throws SERVER_FAILED when the embedded server does not start
 * @example
 * ```ts
 * const { connection, release } = await serve({ scale: 1 });
 * ```
 */
export async function serve({ home, scale = defaultScale() }: ServeOptions = {}): Promise<ServedSource> {
  const { release, ...server } = await leaseEmbeddedServer(home === undefined ? {} : { home });
  try {
    const database = `pagila_source_s${String(scale).replace('.', '_')}_v${generatorVersion}`;
    await createOnce(server, database, scale);
    return {
      connection: { ...server, database },
      description: `a generated Pagila of scale ${scale} in the embedded PostgreSQL server`,
      release,
    };
  } catch (error) {
    await release();
    throw error;
  }
}

async function createOnce(server: pg.ClientConfig, database: string, scale: number): Promise<void> {
  const client = new pg.Client({ ...server, database: 'postgres' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    // Of the session, so a killed process frees it, and the next one starts over with a new building site.
    await client.query('select pg_advisory_lock($1)', [anyFixedKey]);
    const { rowCount } = await client.query('select from pg_database where datname = $1', [database]);
    if (rowCount) return;
    const site = `${database}_unfinished`;
    await client.query(`drop database if exists ${site} with (force)`);
    await client.query(`create database ${site} template template0`);
    await createPagila({ ...server, database: site }, { scale });
    await client.query(`alter database ${site} rename to ${database}`);
  } finally {
    await client.end();
  }
}
