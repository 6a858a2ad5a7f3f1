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
  mysql_local: {
    type: 'mysql',
    description: 'MySQL on this machine: unix socket, else localhost:3306',
  },
  mariadb_local: {
    type: 'mariadb',
    description: 'MariaDB on this machine: unix socket, else localhost:3306',
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
