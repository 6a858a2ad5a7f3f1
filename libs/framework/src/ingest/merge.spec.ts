import {
  mariadbDatabases,
  mysqlDatabases,
  postgresDatabases,
  sqliteFiles,
} from '../engines/contract/places-contract.ts';
import { describeWith, machineMysql, startMariaDB, startPostgres } from '../testing/index.ts';
import { describeMerge } from './contract/merge-contract.ts';
import { withSource } from './contract/with-source.ts';

describeMerge('a SQLite file', () => withSource((source) => sqliteFiles(source)));
describeMerge('PostgreSQL 18', async () => postgresDatabases(await startPostgres({ version: 'embedded' })));
describeWith(['mariadb'], 'as installed', () =>
  describeMerge('MariaDB', () => withSource(async (source) => mariadbDatabases(await startMariaDB(), source))),
);
describeWith(['mysql'], 'a server of the machine', () =>
  describeMerge('MySQL', () => withSource((source) => mysqlDatabases(machineMysql(), source))),
);
