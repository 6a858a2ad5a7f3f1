import {
  mariadbDatabases,
  mysqlDatabases,
  postgresDatabases,
  sqliteFiles,
} from '../engines/contract/places-contract.ts';
import { describeWith, machineMysql, startMariaDB, startPostgres, type TestPostgres } from '../testing/index.ts';
import { outputOf } from '../testing/run-program.ts';
import { describeHistoryChanges } from './history-changes-contract.ts';
import { describeHistory } from './history-contract.ts';
import type { LookedAtServer } from './history-stage-contract.ts';

function onPostgres(server: TestPostgres): LookedAtServer {
  return { ...postgresDatabases(server), look: (place, sql) => server.psql(databaseOf(place), sql) };
}

const databaseOf = (place: object): string => (place as { database: string }).database;

function describeBoth(name: string, start: () => Promise<LookedAtServer>): void {
  describeHistory(name, start);
  describeHistoryChanges(name, start);
}

describeWith(['sqlite3'], 'in files', () =>
  describeBoth('SQLite', async () => ({
    ...sqliteFiles(),
    look: (place, sql) => outputOf('sqlite3', ['-tabs', (place as { file: string }).file, sql]),
  })),
);
describeWith(['postgres'], 'embedded', () =>
  describeBoth('PostgreSQL 18', async () => onPostgres(await startPostgres({ version: 'embedded' }))),
);
describeWith(['postgres'], 'as installed', () =>
  describeBoth('PostgreSQL', async () => onPostgres(await startPostgres())),
);
describeWith(['mariadb'], 'as installed', () =>
  describeBoth('MariaDB', async () => {
    const server = await startMariaDB();
    return { ...mariadbDatabases(server), look: (place, sql) => server.mariadb(databaseOf(place), sql) };
  }),
);
// MariaDB's client speaks to both, and is the one that Debian has.
describeWith(['mysql', 'mariadb'], 'a server of the machine', () =>
  describeBoth('MySQL', async () => {
    const server = machineMysql();
    const { host, port, user, password } = server;
    const address = ['--no-defaults', `--host=${host}`, `--port=${port}`, `--user=${user}`];
    const shape = ['--batch', '--raw', '--skip-column-names', '--default-character-set=utf8mb4'];
    return {
      ...mysqlDatabases(server),
      look: (place, sql) =>
        outputOf('mariadb', [...address, ...shape, databaseOf(place), `--execute=${sql}`], {
          env: { ...process.env, MYSQL_PWD: password },
        }),
    };
  }),
);
