import {
  mariadbDatabases,
  mysqlDatabases,
  postgresDatabases,
  sqliteFiles,
} from '../engines/contract/places-contract.ts';
import { describeWith, machineMysql, startMariaDB, startPostgres } from '../testing/index.ts';
import { describeTemporalLoads } from './temporal-load-contract.ts';

describeWith(['postgres'], 'with psql', () => {
  describeTemporalLoads('a SQLite file', async () => sqliteFiles());
  describeTemporalLoads('PostgreSQL', async () => postgresDatabases(await startPostgres()));
});
describeWith(['postgres', 'mariadb'], 'as installed', () =>
  describeTemporalLoads('MariaDB', async () => mariadbDatabases(await startMariaDB())),
);
describeWith(['postgres', 'mysql'], 'a server of the machine', () =>
  describeTemporalLoads('MySQL', async () => mysqlDatabases(machineMysql())),
);
