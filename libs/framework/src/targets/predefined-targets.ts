import type { TargetDefinition } from './target-definition.ts';

/** The target of a command that names none. */
export const defaultTargetName = 'sqlite_file';

/** The database that a predefined server target uses unless it is told another. */
export const defaultDatabaseName = 'datakit';

/** The targets that every workspace has. `options.targets` of the plugin entry in `nx.json` adds to them. */
export const predefinedTargets = {
  sqlite_memory: {
    type: 'sqlite',
    memory: true,
    description: 'SQLite in the process; fastest; needs nothing',
  },
  sqlite_file: {
    type: 'sqlite',
    description: 'SQLite in a file under .datakit/; needs nothing; the default',
  },
  postgres_embedded: {
    type: 'postgres',
    embedded: true,
    description: 'PostgreSQL 18 from an npm package, started on demand; needs nothing',
  },
  postgres_local: {
    type: 'postgres',
    description: 'PostgreSQL on this machine: unix socket, else localhost:5432',
  },
  postgres_container: {
    type: 'postgres',
    port: 5433,
    container: { image: 'postgres:15.8' },
    description: 'PostgreSQL at localhost:5433 (postgres/postgres); else a container of postgres:15.8 while it is used',
  },
  mysql_local: {
    type: 'mysql',
    description: 'MySQL on this machine: unix socket, else localhost:3306',
  },
  mysql_container: {
    type: 'mysql',
    port: 3307,
    container: { image: 'mysql:8.0' },
    description: 'MySQL at localhost:3307 (root/test_pass); else a container of mysql:8.0 while it is used',
  },
  mariadb_local: {
    type: 'mariadb',
    description: 'MariaDB on this machine: unix socket, else localhost:3306',
  },
  mariadb_container: {
    type: 'mariadb',
    port: 3308,
    container: { image: 'mariadb:10.11' },
    description: 'MariaDB at localhost:3308 (root/test_pass); else a container of mariadb:10.11 while it is used',
  },
  ci: { type: 'sqlite', memory: true, description: 'For continuous integration: the same as sqlite_memory' },
  development: { type: 'sqlite', description: 'For development: the same as sqlite_file' },
  integration: {
    type: 'postgres',
    embedded: true,
    description: 'For integration tests: the same as postgres_embedded',
  },
  production: {
    url: '${DATAKIT_PRODUCTION_URL}',
    protected: true,
    description: 'Where DATAKIT_PRODUCTION_URL says; protected: changed by approved plans only, never dropped',
  },
} as const satisfies Record<string, TargetDefinition>;

/** The environment variable that moves a predefined or configured target: `DATAKIT_POSTGRES_LOCAL_URL`. */
export function urlVariable(targetName: string): string {
  return `DATAKIT_${targetName.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}_URL`;
}
