import { mariadbDatabases, postgresDatabases, sqliteFiles } from '../engines/contract/places-contract.ts';
import { describeWith, startMariaDB, startPostgres } from '../testing/index.ts';
import { describePrune } from './prune-contract.ts';

describePrune('a folder of SQLite files', async () => sqliteFiles());
describePrune('PostgreSQL', async () => postgresDatabases(await startPostgres({ version: 'embedded' })));
describeWith(['mariadb'], 'as installed', () =>
  describePrune('MariaDB', async () => mariadbDatabases(await startMariaDB())),
);
