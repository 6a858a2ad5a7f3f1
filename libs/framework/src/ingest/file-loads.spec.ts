import {
  mariadbDatabases,
  mysqlDatabases,
  postgresDatabases,
  sqliteFiles,
} from '../engines/contract/places-contract.ts';
import { describeWith, machineMysql, startMariaDB, startPostgres } from '../testing/index.ts';
import { describeFileLoads } from './contract/file-loads-contract.ts';
import { withSource } from './contract/with-source.ts';

describeFileLoads('a SQLite file', () => withSource((source) => sqliteFiles(source)));
describeFileLoads('PostgreSQL 18', async () => postgresDatabases(await startPostgres({ version: 'embedded' })));
describeWith(['mariadb'], 'as installed', () =>
  describeFileLoads('MariaDB', () => withSource(async (source) => mariadbDatabases(await startMariaDB(), source))),
);
describeWith(['mysql'], 'a server of the machine', () =>
  describeFileLoads('MySQL', () => withSource((source) => mysqlDatabases(machineMysql(), source))),
);
