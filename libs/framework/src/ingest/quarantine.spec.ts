import {
  mariadbDatabases,
  mysqlDatabases,
  postgresDatabases,
  sqliteFiles,
} from '../engines/contract/places-contract.ts';
import { describeWith, machineMysql, startMariaDB, startPostgres } from '../testing/index.ts';
import { describeQuarantine } from './contract/quarantine-contract.ts';

describeQuarantine('a SQLite file', async () => sqliteFiles());
describeQuarantine('PostgreSQL 18', async () => postgresDatabases(await startPostgres({ version: 'embedded' })));
describeWith(['mariadb'], 'as installed', () =>
  describeQuarantine('MariaDB', async () => mariadbDatabases(await startMariaDB())),
);
describeWith(['mysql'], 'a server of the machine', () =>
  describeQuarantine('MySQL', async () => mysqlDatabases(machineMysql())),
);
