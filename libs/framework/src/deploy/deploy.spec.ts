import { mariadbDatabases, postgresDatabases, sqliteFiles } from '../engines/contract/places-contract.ts';
import { describeWith, startMariaDB, startPostgres } from '../testing/index.ts';
import { describeDeploy } from './deploy-contract.ts';

describeDeploy('a SQLite file', async () => sqliteFiles());
describeDeploy('PostgreSQL', async () => postgresDatabases(await startPostgres({ version: 'embedded' })));
describeWith(['mariadb'], 'as installed', () =>
  describeDeploy('MariaDB', async () => mariadbDatabases(await startMariaDB())),
);
