import { describeTables } from '../../engines/mysql/describe-tables.ts';
import type { TableDescription } from '../../engines/table-description.ts';
import type { MysqlSession, MysqlPlace } from '../../engines/mysql/connect.ts';
import { askServer, connect } from '../../engines/mysql/connect.ts';
import { mysqlFlavour, type Flavour } from '../../engines/mysql/flavour.ts';
import { mariadbFlavour } from '../../engines/mariadb/flavour.ts';
import { describePlace } from '../../engines/place.ts';
import type { WireFormat } from '../../model/wire-format.ts';
import { SourceConnector, type SourceSnapshot, type SourceTable } from '../source-connector.ts';
import { fromSource } from '../source-error.ts';
import { describeQuery } from './describe-query.ts';
import { listTables } from './list-tables.ts';
import { MysqlSnapshot } from './mysql-snapshot.ts';

const flavours: Readonly<Record<Flavour['name'], Flavour>> = { mysql: mysqlFlavour, mariadb: mariadbFlavour };

/**
 * Rounds where a column is declared lossy, as PostgreSQL and MySQL do; MariaDB would cut. Lists are put together in the
 * server, and may be as long as any text.
 */
const readingSettings = `set session group_concat_max_len = 1073741824,
  sql_mode = if(version() like '%MariaDB%', concat(@@sql_mode, ',TIME_ROUND_FRACTIONAL'), @@sql_mode)`;

/** MySQL and MariaDB, told apart by asking the server. */
export class MysqlConnector extends SourceConnector {
  readonly host: string;
  readonly description: string;
  readonly defaultSchema: string;
  readonly formats: readonly WireFormat[] = ['postgres-text', 'text-rows', 'csv', 'json-lines'];
  readonly #place: MysqlPlace;
  readonly #open = new Set<AsyncDisposable>();
  #flavour: Promise<Flavour> | undefined;

  constructor(place: MysqlPlace) {
    super();
    this.#place = place;
    this.host = place.host.startsWith('/') ? 'localhost' : place.host;
    this.description = describePlace(place);
    this.defaultSchema = place.database;
  }

  async testConnection(): Promise<void> {
    await this.#withSession(async () => undefined);
  }

  async listSchemas(): Promise<string[]> {
    const rows = await this.#withSession((session) =>
      session.query<{ name: string }>(
        `select schema_name as name from information_schema.schemata
         where schema_name not in ('information_schema', 'mysql', 'performance_schema', 'sys') order by schema_name`,
      ),
    );
    return rows.map(({ name }) => name);
  }

  async listTables(schema: string, names?: readonly string[]): Promise<SourceTable[]> {
    return await this.#withSession((session) => listTables(session, schema, names));
  }

  override async describeTables(schema: string, names?: readonly string[]): Promise<TableDescription[]> {
    const tables = await this.listTables(schema, names);
    return await this.#withSession(async (session) =>
      describeTables(session, schema, tables, (await this.#flavour) ?? mysqlFlavour),
    );
  }

  override async describeQuery(name: string, query: string): Promise<SourceTable> {
    return await this.#withSession((session) => describeQuery(session, { name, query, source: this.description }));
  }

  /**
   * One session for all tables: these servers have no way to give one session's view to another. Tables are therefore
   * read one after the other.
   */
  async openSnapshot(): Promise<SourceSnapshot> {
    return await fromSource(async () => {
      const session = await this.#connect();
      const snapshot = new MysqlSnapshot(session, this.description, () => this.#open.delete(snapshot));
      this.#open.add(snapshot);
      await session.execute('start transaction with consistent snapshot, read only');
      return snapshot;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const opened of [...this.#open]) await opened[Symbol.asyncDispose]();
  }

  async #connect(): Promise<MysqlSession> {
    this.#flavour ??= askServer(this.#place).then((name) => flavours[name]);
    // A server that does not answer now may do so later.
    this.#flavour.catch(() => (this.#flavour = undefined));
    const session = await connect(this.#place, await this.#flavour, { readOnly: true });
    await session.execute(readingSettings);
    return session;
  }

  async #withSession<Result>(work: (session: MysqlSession) => Promise<Result>): Promise<Result> {
    return await fromSource(async () => {
      await using session = await this.#connect();
      return await work(session);
    });
  }
}
