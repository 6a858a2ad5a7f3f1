import type pg from 'pg';
import { describePlace, type Place } from '../place.ts';
import type { DatakitError } from '../../errors/datakit-error.ts';
import type { ErrorCode } from '../../errors/error-codes.ts';
import type { ConnectOptions } from '../engine.ts';
import { atStatement } from '../execute-in-turn.ts';
import type { Row, Session } from '../session.ts';
import { closeClient, destroyClient, watchClient } from './liveness.ts';
import { openClient } from './open-client.ts';
import { runPipelined } from './pipeline.ts';
import { serverError } from './server-error.ts';

type PostgresPlace = Extract<Place, { engine: 'postgres' }>;

const connectTimeoutMs = 10_000;
const keepAliveMs = 10_000;

/** Settings that make every value's text the same on every server, whatever the role or the database set. */
const pinnedSettings = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
  standard_conforming_strings: 'on',
  // Under a stricter one the transaction that holds a lock would keep its snapshot, for which an index that is built concurrently waits.
  default_transaction_isolation: 'read committed',
  // A client that is killed must not leave its statement running and committing (seen: 4.5 s later).
  client_connection_check_interval: '1000',
};

/** A PostgreSQL connection. `client` is for COPY, which needs the driver's own stream. */
export interface PostgresSession extends Session {
  readonly client: pg.Client;
}

/** How to connect, beyond what every engine knows. */
export interface PostgresConnectOptions extends ConnectOptions {
  /** The code for a server that does not answer: a source says it differently from a target. */
  readonly unreachableCode?: ErrorCode;
  /** The place that messages name, where another database is only the way to it. */
  readonly onBehalfOf?: PostgresPlace;
}

/**
 * Opens one connection.
 * @throws TARGET_UNREACHABLE (or `unreachableCode`), AUTH_FAILED
 */
export async function connect(place: PostgresPlace, options: PostgresConnectOptions = {}): Promise<PostgresSession> {
  const { readOnly = false, unreachableCode = 'TARGET_UNREACHABLE', onBehalfOf = place } = options;
  const shownPlace = describePlace(onBehalfOf);
  const open = (): Promise<pg.Client> =>
    openClient(place, {
      application_name: 'datakit',
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      // The system's own patience is two hours.
      keepAliveInitialDelayMillis: keepAliveMs,
    });
  await using opened = new AsyncDisposableStack();
  try {
    const client = opened.adopt(await open(), closeClient);
    let processId: number | undefined;
    const watch = opened.use(watchClient(client, open, () => processId));
    const settings = Object.entries({ ...pinnedSettings, default_transaction_read_only: readOnly ? 'on' : 'off' });
    const { rows } = await client.query<{ pid: number }>(
      `select set_config(name, value, false), pg_backend_pid() as pid from unnest($1::text[], $2::text[]) as pinned (name, value)
       where current_setting(name, true) is not null`,
      [settings.map(([name]) => name), settings.map(([, value]) => value)],
    );
    // A pooler tells a number of its own.
    if (rows[0]?.pid === (client as { processID?: number }).processID) processId = rows[0]?.pid;
    opened.move();
    return new PostgresConnection(client, shownPlace, unreachableCode, watch);
  } catch (error) {
    throw serverError(error, `connect to ${shownPlace} as ${place.user}`, unreachableCode);
  }
}

/** Opens one connection; undefined where the server has no such database. @throws as {@link connect} */
export async function connectIfThere(
  place: PostgresPlace,
  options: PostgresConnectOptions = {},
): Promise<PostgresSession | undefined> {
  try {
    return await connect(place, options);
  } catch (error) {
    if (isMissingDatabase(error)) return undefined;
    throw error;
  }
}

/** The server's own word (3D000); a pooler says it in words of its own. */
export function isMissingDatabase(error: unknown): boolean {
  const { details, cause } = error as Partial<DatakitError>;
  const text = (cause as Error | undefined)?.message ?? '';
  return details?.['sqlState'] === '3D000' || /no such database|database ".*" does not exist/.test(text);
}

class PostgresConnection implements PostgresSession {
  readonly client: pg.Client;
  readonly #place: string;
  readonly #unreachableCode: ErrorCode;
  readonly #watch: Disposable;

  constructor(client: pg.Client, place: string, unreachableCode: ErrorCode, watch: Disposable) {
    this.client = client;
    this.#place = place;
    this.#unreachableCode = unreachableCode;
    this.#watch = watch;
  }

  async query<Result extends Row = Row>(sql: string, parameters: readonly unknown[] = []): Promise<Result[]> {
    return (await this.#run(sql, parameters)).rows as Result[];
  }

  async execute(sql: string, parameters: readonly unknown[] = []): Promise<number> {
    return (await this.#run(sql, parameters)).rowCount ?? 0;
  }

  async executeAll(statements: readonly string[]): Promise<void> {
    const failed = await runPipelined(this.client, statements);
    if (failed) throw atStatement(this.#failure(failed.error), failed.statement);
  }

  async #run(sql: string, parameters: readonly unknown[]): Promise<pg.QueryResult> {
    try {
      return parameters.length === 0
        ? await this.client.query(sql)
        : await this.client.query(numberPlaceholders(sql), [...parameters]);
    } catch (error) {
      throw this.#failure(error);
    }
  }

  #failure(error: unknown): DatakitError {
    return serverError(error, `run a statement on ${this.#place}`, this.#unreachableCode);
  }

  interrupt(): void {
    destroyClient(this.client);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#watch[Symbol.dispose]();
    await closeClient(this.client);
  }
}

/** `?` → `$1`, `$2` …, except inside quotes. */
function numberPlaceholders(sql: string): string {
  let position = 0;
  return sql.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\?/g, (token) => (token === '?' ? `$${++position}` : token));
}
