import type pg from 'pg';
import { describePlace, type Place } from '../place.ts';
import type { ErrorCode } from '../../errors/error-codes.ts';
import type { ConnectOptions } from '../engine.ts';
import type { Row, Session } from '../session.ts';
import { openClient } from './open-client.ts';
import { serverError } from './server-error.ts';

type PostgresPlace = Extract<Place, { engine: 'postgres' }>;

const connectTimeoutMs = 10_000;

/** Settings that make every value's text the same on every server, whatever the role or the database set. */
const pinnedSettings = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
  standard_conforming_strings: 'on',
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
  let client: pg.Client | undefined;
  try {
    client = await openClient(place, {
      application_name: 'datakit',
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
    });
    const settings = Object.entries({ ...pinnedSettings, default_transaction_read_only: readOnly ? 'on' : 'off' });
    await client.query(
      `select set_config(name, value, false) from unnest($1::text[], $2::text[]) as pinned (name, value)
       where current_setting(name, true) is not null`,
      [settings.map(([name]) => name), settings.map(([, value]) => value)],
    );
  } catch (error) {
    await client?.end().catch(() => undefined);
    throw serverError(error, `connect to ${shownPlace} as ${place.user}`, unreachableCode);
  }
  return new PostgresConnection(client, shownPlace, unreachableCode);
}

class PostgresConnection implements PostgresSession {
  readonly client: pg.Client;
  readonly #place: string;
  readonly #unreachableCode: ErrorCode;

  constructor(client: pg.Client, place: string, unreachableCode: ErrorCode) {
    this.client = client;
    this.#place = place;
    this.#unreachableCode = unreachableCode;
  }

  async query<Result extends Row = Row>(sql: string, parameters: readonly unknown[] = []): Promise<Result[]> {
    return (await this.#run(sql, parameters)).rows as Result[];
  }

  async execute(sql: string, parameters: readonly unknown[] = []): Promise<number> {
    return (await this.#run(sql, parameters)).rowCount ?? 0;
  }

  async #run(sql: string, parameters: readonly unknown[]): Promise<pg.QueryResult> {
    try {
      return parameters.length === 0
        ? await this.client.query(sql)
        : await this.client.query(numberPlaceholders(sql), [...parameters]);
    } catch (error) {
      throw serverError(error, `run a statement on ${this.#place}`, this.#unreachableCode);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.end().catch(() => undefined);
  }
}

/** `?` → `$1`, `$2` …, except inside quotes. */
function numberPlaceholders(sql: string): string {
  let position = 0;
  return sql.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\?/g, (token) => (token === '?' ? `$${++position}` : token));
}
