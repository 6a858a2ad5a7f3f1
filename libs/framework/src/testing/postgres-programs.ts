import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';

/** Where Debian, Red Hat and Homebrew put the server's programs; distributions keep them off the PATH. */
const usualFolders = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/opt/homebrew/opt/postgresql@*/bin',
  '/usr/bin',
];

/** The folder that holds `initdb` and `postgres` of the newest installed PostgreSQL, or undefined. */
export function findPostgresPrograms(): string | undefined {
  return usualFolders
    .flatMap((pattern) => globSync(pattern).sort((a, b) => b.localeCompare(a, 'en', { numeric: true })))
    .find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}
