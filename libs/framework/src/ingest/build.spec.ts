import {
  mariadbDatabases,
  mysqlDatabases,
  postgresDatabases,
  sqliteFiles,
} from '../engines/contract/places-contract.ts';
import { describeWith, machineMysql, startMariaDB, startPostgres } from '../testing/index.ts';
import { describeBuilds } from './contract/build-contract.ts';

describeBuilds('a SQLite file', async () => sqliteFiles());
describeBuilds('PostgreSQL 18', async () => postgresDatabases(await startPostgres({ version: 'embedded' })));
describeWith(['mariadb'], 'as installed', () =>
  describeBuilds('MariaDB', async () => mariadbDatabases(await startMariaDB())),
);
describeWith(['mysql'], 'a server of the machine', () =>
  describeBuilds('MySQL', async () => mysqlDatabases(machineMysql())),
);
