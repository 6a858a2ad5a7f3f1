import type { SecurityFields } from '../model/connection-security.ts';

/** The engines that a target can name; which of MySQL and MariaDB a server is, it is asked itself. */
export const engineNames = ['sqlite', 'postgres', 'mysql', 'mariadb'] as const;
export type EngineName = (typeof engineNames)[number];

/**
 * Where a database is, as a team writes it in `nx.json` (plugin option `targets`) or in code.
 * Every text may hold `${NAME}`, which is read from the environment when the target is opened, never earlier:
 * definitions travel through the project graph, and nothing secret may.
 */
export interface TargetDefinition extends SecurityFields {
  /** The engine. May be left out where `url` says it. */
  readonly type?: EngineName;
  /** `postgresql://user@host:port/database`, `mysql://…`, `mariadb://…`, `sqlite:path/to/file` or `sqlite::memory:`. */
  readonly url?: string;
  /** Host name, or a unix socket: its folder on PostgreSQL, its file or folder on MySQL and MariaDB. */
  readonly host?: string;
  readonly port?: number;
  /** Database name; for SQLite the path of the file, relative to the workspace root. */
  readonly database?: string;
  readonly user?: string;
  /** Usually `${NAME}`; a literal password in `nx.json` is refused. */
  readonly password?: string;
  /** A server that we start ourselves, on demand. */
  readonly embedded?: boolean;
  /** A container that we start while nothing answers at `host` and `port`; gone with its data when nobody uses it. */
  readonly container?: ContainerDefinition;
  /** Lives in the process: every operation first makes what it needs. */
  readonly memory?: boolean;
  /**
   * The database is never created, recreated or dropped by us, and only changed by an approved plan. The first
   * deployment records that in the database, where it then holds for every other target and URL that leads there.
   */
  readonly protected?: boolean;
  /** How long a database that we made stays after the last deployment, before `targets --prune` drops it: `2h`, `3d`. */
  readonly timeToLive?: string;
  /** One line for the `targets` command and for help texts. */
  readonly description?: string;
}

/** What runs in a container of ours. In `nx.json`, parts of it override those of a predefined target. */
export interface ContainerDefinition {
  /** `postgres:15.8`; pulled where it is missing. */
  readonly image?: string;
  /** Arguments instead of ours, which make a server fast that nobody needs after a crash. */
  readonly command?: readonly string[];
  /** Variables beside those by which the image makes the account of `user` and `password`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The server's port inside of the container, where it is not the usual one. */
  readonly port?: number;
}

/** What the user asked for on a command line: a name, or a place. */
export interface TargetRequest {
  readonly name?: string;
  readonly url?: string;
  readonly targetType?: string;
  readonly host?: string;
  readonly port?: number;
  readonly database?: string;
  readonly user?: string;
}
