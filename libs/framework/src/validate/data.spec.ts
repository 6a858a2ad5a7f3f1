import {
  mariadbDatabases,
  mysqlDatabases,
  postgresDatabases,
  sqliteFiles,
} from '../engines/contract/places-contract.ts';
import { describeWith, machineMysql, startMariaDB, startPostgres } from '../testing/index.ts';
import { describeDataValidation } from './data-contract.ts';

describeDataValidation('a SQLite file', async () => sqliteFiles());
describeDataValidation('PostgreSQL', async () => postgresDatabases(await startPostgres({ version: 'embedded' })));
describeWith(['mariadb'], 'as installed', () =>
  describeDataValidation('MariaDB', async () => mariadbDatabases(await startMariaDB())),
);
describeWith(['mysql'], 'a server of the machine', () =>
  describeDataValidation('MySQL', async () => mysqlDatabases(machineMysql())),
);
