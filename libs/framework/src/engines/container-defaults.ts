import type { ServerPlace } from './place.ts';

/** Engines whose servers run in containers. */
export type ContainerEngine = ServerPlace<'postgres' | 'mysql' | 'mariadb'>['engine'];

/** What a container of an engine's official image needs where its definition does not say. */
export interface ContainerDefaults {
  /** The server's port inside of the container. */
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Arguments of the server. What it holds is gone with it, so nothing has to survive a crash. */
  readonly command: readonly string[];
  /** The variables by which the image makes the account. */
  environment(user: string, password: string): Readonly<Record<string, string>>;
}

/** By engine; only settings that every supported version knows. */
export const containerDefaults: Readonly<Record<ContainerEngine, ContainerDefaults>> = {
  postgres: {
    port: 5432,
    user: 'postgres',
    password: 'postgres',
    command: [
      'fsync=off',
      'full_page_writes=off',
      'wal_level=minimal',
      'max_wal_senders=0',
      'max_wal_size=4GB',
    ].flatMap((setting) => ['-c', setting]),
    environment: (user, password) => ({ POSTGRES_USER: user, POSTGRES_PASSWORD: password }),
  },
  mysql: {
    port: 3306,
    user: 'root',
    password: 'test_pass',
    // Rows are sent in bulk only to a server that takes files.
    command: ['--local-infile=1', '--skip-log-bin', '--innodb-flush-log-at-trx-commit=0'],
    environment: (_, password) => ({ MYSQL_ROOT_PASSWORD: password }),
  },
  mariadb: {
    port: 3306,
    user: 'root',
    password: 'test_pass',
    command: ['--local-infile=1', '--innodb-flush-log-at-trx-commit=0'],
    environment: (_, password) => ({ MARIADB_ROOT_PASSWORD: password }),
  },
};
