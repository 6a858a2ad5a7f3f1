import {
  mariadbDatabases,
  mysqlDatabases,
  postgresDatabases,
  sqliteFiles,
} from '../engines/contract/places-contract.ts';
import { describeWith, machineMysql, startMariaDB, startPostgres } from '../testing/index.ts';
import { describeBadRows } from './contract/bad-rows-contract.ts';
import { withSource } from './contract/with-source.ts';

describeBadRows('a SQLite file', () => withSource((source) => sqliteFiles(source)));
describeBadRows('PostgreSQL 18', async () => postgresDatabases(await startPostgres({ version: 'embedded' })));
describeWith(['postgres'], 'as installed', () =>
  describeBadRows('PostgreSQL', async () => postgresDatabases(await startPostgres())),
);
describeWith(['mariadb'], 'as installed', () => {
  describeBadRows('MariaDB', () => withSource(async (source) => mariadbDatabases(await startMariaDB(), source)));
});
describeWith(['mysql'], 'a server of the machine', () =>
  describeBadRows('MySQL', () => withSource((source) => mysqlDatabases(machineMysql(), source))),
);
