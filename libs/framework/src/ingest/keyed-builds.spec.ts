import {
  mariadbDatabases,
  mysqlDatabases,
  postgresDatabases,
  sqliteFiles,
} from '../engines/contract/places-contract.ts';
import { describeWith, machineMysql, startMariaDB, startPostgres } from '../testing/index.ts';
import { describeKeyedBuilds } from './contract/keyed-contract.ts';

describeKeyedBuilds('a SQLite file', async () => sqliteFiles());
describeKeyedBuilds('PostgreSQL 18', async () => postgresDatabases(await startPostgres({ version: 'embedded' })));
describeWith(['mariadb'], 'as installed', () =>
  describeKeyedBuilds('MariaDB', async () => mariadbDatabases(await startMariaDB())),
);
describeWith(['mysql'], 'a server of the machine', () =>
  describeKeyedBuilds('MySQL', async () => mysqlDatabases(machineMysql())),
);
