import {
  mariadbDatabases,
  mysqlDatabases,
  postgresDatabases,
  sqliteFiles,
} from '../engines/contract/places-contract.ts';
import { describeWith, machineMysql, startMariaDB, startPostgres } from '../testing/index.ts';
import { describeValidate } from './validate-contract.ts';

describeValidate('a SQLite file', async () => sqliteFiles());
describeValidate('PostgreSQL', async () => postgresDatabases(await startPostgres({ version: 'embedded' })));
describeWith(['mariadb'], 'as installed', () =>
  describeValidate('MariaDB', async () => mariadbDatabases(await startMariaDB())),
);
describeWith(['mysql'], 'a server of the machine', () =>
  describeValidate('MySQL', async () => mysqlDatabases(machineMysql())),
);
