import {
  mariadbDatabases,
  mysqlDatabases,
  postgresDatabases,
  sqliteFiles,
} from '../engines/contract/places-contract.ts';
import { describeWith, machineMysql, startMariaDB, startPostgres } from '../testing/index.ts';
import { describeChecks } from './contract/checks-contract.ts';

describeChecks('a SQLite file', async () => sqliteFiles());
describeChecks('PostgreSQL, embedded', async () => postgresDatabases(await startPostgres({ version: 'embedded' })));
describeWith(['postgres'], 'as installed', () =>
  describeChecks('PostgreSQL', async () => postgresDatabases(await startPostgres())),
);
describeWith(['mariadb'], 'as installed', () =>
  describeChecks('MariaDB', async () => mariadbDatabases(await startMariaDB())),
);
describeWith(['mysql'], 'a server of the machine', () =>
  describeChecks('MySQL', async () => mysqlDatabases(machineMysql())),
);
