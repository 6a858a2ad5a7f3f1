import {
  mariadbDatabases,
  mysqlDatabases,
  postgresDatabases,
  sqliteFiles,
} from '../engines/contract/places-contract.ts';
import { describeWith, machineMysql, startMariaDB, startPostgres } from '../testing/index.ts';
import { describePublish } from './contract/publish-contract.ts';
import { withSource } from './contract/with-source.ts';

describePublish('a SQLite file', () => withSource((source) => sqliteFiles(source)));
describePublish('PostgreSQL 18', async () => postgresDatabases(await startPostgres({ version: 'embedded' })));
describeWith(['postgres'], 'as installed', () =>
  describePublish('PostgreSQL', async () => postgresDatabases(await startPostgres())),
);
describeWith(['mariadb'], 'as installed', () =>
  describePublish('MariaDB', () => withSource(async (source) => mariadbDatabases(await startMariaDB(), source))),
);
describeWith(['mysql'], 'a server of the machine', () =>
  describePublish('MySQL', () => withSource((source) => mysqlDatabases(machineMysql(), source))),
);
