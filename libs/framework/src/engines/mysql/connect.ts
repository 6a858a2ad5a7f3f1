import { statSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { Connection, ResultSetHeader, SslOptions } from 'mysql2/promise';
import type { TlsSettings } from '../../settings/connection-security.ts';
import { DatakitError } from '../../errors/datakit-error.ts';
import type { ConnectOptions } from '../engine.ts';
import { describePlace, type ServerPlace } from '../place.ts';
import { executeInTurn } from '../execute-in-turn.ts';
import type { Row, Session } from '../session.ts';
import { tlsAttempts, tlsOptions } from '../tls.ts';
import type { Flavour } from './flavour.ts';
import { closeMysql, destroyMysql, killMysql, watchMysql } from './liveness.ts';
import { pinnedSettings } from './pinned-settings.ts';
import { serverError } from './server-error.ts';

export type MysqlPlace = ServerPlace<'mysql' | 'mariadb'>;

/** Without a database for work on the server itself. */
type MysqlServer = Omit<MysqlPlace, 'database'> & { readonly database?: string };

const connectTimeoutMs = 10_000;
const keepAliveMs = 10_000;

/** A connection; the driver's own is for LOAD DATA, which reads from a stream of ours. */
export interface MysqlSession extends Session {
  readonly connection: Connection;
}

/**
 * Opens one connection.
 * @throws TARGET_UNREACHABLE, AUTH_FAILED
 */
export async function connect(
  place: MysqlServer,
  flavour: Flavour,
  options: ConnectOptions = {},
): Promise<MysqlSession> {
  const where = describe(place);
  const connection = await open(place, where);
  let connectionId: number | undefined;
  const another = (): Promise<Connection> => open(place, where);
  const watch = watchMysql(connection, another, () => connectionId);
  try {
    await connection.query(pinnedSettings(flavour));
    const access = options.readOnly ? 'read only' : 'read write';
    await connection.query(`set session transaction isolation level repeatable read, ${access}`);
    const [rows] = await connection.query('select connection_id() as id');
    // A proxy between us and the server tells a number of its own.
    const id = Number((rows as { id: number }[])[0]?.id);
    if (id === connection.threadId) connectionId = id;
  } catch (error) {
    watch[Symbol.dispose]();
    destroyMysql(connection);
    throw serverError(error, `connect to ${where}`);
  }
  return new MysqlConnection(connection, where, watch, () => void killMysql(connection, another, connectionId));
}

const unknownDatabase = 1049;

/** Opens one connection; undefined where the server has no such database. @throws as {@link connect} */
export async function connectIfThere(
  place: MysqlPlace,
  flavour: Flavour,
  options: ConnectOptions = {},
): Promise<MysqlSession | undefined> {
  try {
    return await connect(place, flavour, options);
  } catch (error) {
    if ((error as DatakitError).details?.['errno'] === unknownDatabase) return undefined;
    throw error;
  }
}

/** Asks the server which of the two it is, whatever it was taken for. */
export async function askServer(place: MysqlPlace): Promise<Flavour['name']> {
  const { database: _, ...server } = place;
  const where = describe(place);
  const connection = await open(server, where);
  const watch = watchMysql(
    connection,
    () => open(server, where),
    () => undefined,
  );
  try {
    const [rows] = await connection.query('select version() as version');
    return /mariadb/i.test((rows as { version: string }[])[0]?.version ?? '') ? 'mariadb' : 'mysql';
  } catch (error) {
    throw serverError(error, `ask ${where} for its version`);
  } finally {
    watch[Symbol.dispose]();
    await closeMysql(connection);
  }
}

function describe(place: MysqlServer): string {
  return describePlace({ database: '', ...place } as ServerPlace<'mysql'>);
}

async function open(place: MysqlServer, where: string): Promise<Connection> {
  const attempts = place.host.startsWith('/') ? [false] : tlsAttempts(place.tls?.sslmode);
  for (const [index, encrypted] of attempts.entries()) {
    try {
      return await openOnce(place, encrypted && place.tls ? { ssl: await mysqlTls(place.tls, place.host) } : {});
    } catch (error) {
      if (index === attempts.length - 1 || !refusesThisWay(error)) throw serverError(error, `connect to ${where}`);
    }
  }
  throw new TypeError('there is always one way to try');
}

/** The driver has a switch of its own for the host name; for an address it would check the name `localhost` (3.24). */
async function mysqlTls(settings: TlsSettings, host: string): Promise<SslOptions> {
  if (settings.sslmode === 'verify-full' && isIP(host)) {
    throw new DatakitError({
      code: 'OPTION_INVALID',
      message: `sslmode verify-full needs a host name, and ${host} is an address.`,
      hint: 'Name the host as its certificate does, or use verify-ca.',
    });
  }
  const { checkServerIdentity: _, ...options } = await tlsOptions(settings, host);
  return { ...(options as SslOptions), verifyIdentity: settings.sslmode === 'verify-full' };
}

/** No TLS in the server; or 3159, a server that takes nothing else (`require_secure_transport`). */
function refusesThisWay(error: unknown): boolean {
  const { code = '', errno } = error as { code?: string; errno?: number };
  return code.startsWith('HANDSHAKE_') || errno === 3159 || /SSL|TLS/.test(code);
}

async function openOnce(place: MysqlServer, tls: { ssl?: SslOptions }): Promise<Connection> {
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection({
    ...(place.host.startsWith('/') ? { socketPath: socketFile(place.host) } : { host: place.host, port: place.port }),
    ...tls,
    user: place.user,
    ...(place.password === undefined ? {} : { password: place.password }),
    ...(place.database === undefined ? {} : { database: place.database }),
    charset: 'utf8mb4',
    connectTimeout: connectTimeoutMs,
    enableKeepAlive: true,
    // The system's own patience is two hours.
    keepAliveInitialDelay: keepAliveMs,
    supportBigNumbers: true,
    dateStrings: true,
    jsonStrings: true,
    maxPreparedStatements: 100,
    // The server asks for a file only after our own LOAD DATA, and gets our stream whatever path it names.
    flags: ['+LOCAL_FILES'],
    authPlugins: { unix_socket: bySocketOwner, auth_socket: bySocketOwner },
  });
  // Without a listener a connection that dies while idle would end the process; the next statement reports it.
  connection.on('error', () => undefined);
  return connection;
}

/** The server knows the account at the other end of a unix socket and wants no answer. */
const bySocketOwner = () => () => Buffer.alloc(0);

/** A socket may be named by its folder, too. */
function socketFile(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, 'mysqld.sock') : path;
}

class MysqlConnection implements MysqlSession {
  readonly connection: Connection;
  readonly #place: string;
  readonly #watch: Disposable;
  readonly interrupt: () => void;

  constructor(connection: Connection, place: string, watch: Disposable, interrupt: () => void) {
    this.connection = connection;
    this.#place = place;
    this.#watch = watch;
    this.interrupt = interrupt;
  }

  async query<Result extends Row = Row>(sql: string, parameters: readonly unknown[] = []): Promise<Result[]> {
    return (await this.#run(sql, parameters)) as Result[];
  }

  async execute(sql: string, parameters: readonly unknown[] = []): Promise<number> {
    return ((await this.#run(sql, parameters)) as ResultSetHeader).affectedRows ?? 0;
  }

  executeAll(statements: readonly string[]): Promise<void> {
    return executeInTurn(this, statements);
  }

  async #run(sql: string, parameters: readonly unknown[]): Promise<unknown> {
    try {
      // Prepared, so that the server and not the driver puts the values in (reliability: NO_BACKSLASH_ESCAPES).
      const [result] =
        parameters.length === 0
          ? await this.connection.query(sql)
          : await this.connection.execute(sql, parameters as never);
      return result;
    } catch (error) {
      throw serverError(error, `run a statement on ${this.#place}`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#watch[Symbol.dispose]();
    await closeMysql(this.connection);
  }
}
