import type { SecurityFields, tlsFieldNames } from './connection-security.ts';
import type { FilesSource } from './files-source.ts';
import type { PipelineModule } from './custom-source.ts';

/** How one reaches a server that somebody serves on demand. */
export interface ServedServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** A file that somebody serves on demand. */
export interface ServedFile {
  readonly file: string;
}

/** A source that somebody serves on demand; given back with `release`. */
export interface ServedSource<Connection = ServedServer> {
  readonly connection: Connection;
  /** One line that says what it is; the ingest prints it. */
  readonly description: string;
  release(): Promise<void>;
}

/** What every source says. Nothing is opened by declaring it. */
export interface SourceFields<Kind extends string, Connection> {
  readonly kind: Kind;
  /** Name of the system; becomes `bronze_source_system` and the folder of output files. */
  readonly system: string;
  /** URL of the source, usually `${NAME}` from the environment. */
  readonly url?: string;
  /** Steps of a load that the datakit does its own way: a subclass of `BronzeIngestionPipeline`. */
  readonly pipeline?: PipelineModule;
  /** Serves the source where the variables in `url` are not set. */
  readonly otherwise?: () => Promise<ServedSource<Connection>>;
}

/** A PostgreSQL database. */
export interface PostgresSource extends SourceFields<'postgres', ServedServer>, SecurityFields {
  /** Schema that holds the tables; `public` when left out. */
  readonly schema?: string;
}

type TlsFields = Pick<SecurityFields, (typeof tlsFieldNames)[number]>;

/** A MySQL or MariaDB server; which of the two is asked for when it is opened. */
export interface MysqlSource extends SourceFields<'mysql', ServedServer>, TlsFields {
  /** Database that holds the tables; that of the URL when left out. */
  readonly schema?: string;
}

/** A file of SQLite. */
export interface SqliteSource extends SourceFields<'sqlite', ServedFile> {
  /** `main`, which is the file itself. */
  readonly schema?: 'main';
}

/** Where a bronze datakit reads from, as its `source` entry declares it: one for each kind. */
export type SourceDefinition = PostgresSource | MysqlSource | SqliteSource | FilesSource;

export type SourceKind = SourceDefinition['kind'];

/**
 * Declares a PostgreSQL source.
 *
 * @param definition `url` may hold `${NAME}` parts, read from the environment when an ingest opens the source
 * @example
 * ```ts
 * source: postgresSource({ system: 'shop', url: '${SHOP_URL}', schema: 'public' })
 * ```
 */
export function postgresSource(definition: Omit<PostgresSource, 'kind'>): PostgresSource {
  return { kind: 'postgres', ...definition };
}

/**
 * Declares a MySQL source. Its tables are those of the database that the URL names.
 *
 * @example
 * ```ts
 * source: mysqlSource({ system: 'shop', url: 'mysql://reader:${SHOP_PASSWORD}@shop.example:3306/shop' })
 * ```
 */
export function mysqlSource(definition: Omit<MysqlSource, 'kind'>): MysqlSource {
  return { kind: 'mysql', ...definition };
}

/** Declares a MariaDB source, as {@link mysqlSource} declares a MySQL one. */
export const mariadbSource = mysqlSource;

/**
 * Declares a file of SQLite as a source.
 *
 * @param definition `url` is `sqlite:` and a path, absolute or relative to the workspace's root
 * @example
 * ```ts
 * source: sqliteSource({ system: 'till', url: 'sqlite:data/till.sqlite' })
 * ```
 */
export function sqliteSource(definition: Omit<SqliteSource, 'kind'>): SqliteSource {
  return { kind: 'sqlite', ...definition };
}
