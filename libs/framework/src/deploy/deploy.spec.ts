import {
  mariadbDatabases,
  mysqlDatabases,
  postgresDatabases,
  sqliteFiles,
} from '../engines/contract/places-contract.ts';
import { describeWith, machineMysql, startMariaDB, startPostgres } from '../testing/index.ts';
import { describeDeploy } from './deploy-contract.ts';

describeDeploy('a SQLite file', async () => sqliteFiles());
describeDeploy('PostgreSQL', async () => postgresDatabases(await startPostgres({ version: 'embedded' })));
describeWith(['mariadb'], 'as installed', () =>
  describeDeploy('MariaDB', async () => mariadbDatabases(await startMariaDB())),
);
describeWith(['mysql'], 'a server of the machine', () =>
  describeDeploy('MySQL', async () => mysqlDatabases(machineMysql())),
);
