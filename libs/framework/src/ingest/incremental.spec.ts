import {
  mariadbDatabases,
  mysqlDatabases,
  postgresDatabases,
  sqliteFiles,
  type WatchedServer,
} from '../engines/contract/places-contract.ts';
import { describeWith, machineMysql, startMariaDB, startPostgres } from '../testing/index.ts';
import { describeBatches } from './contract/batches-contract.ts';
import { describeIncremental } from './contract/incremental-contract.ts';
import { withSource } from './contract/with-source.ts';

function describeAll(name: string, start: () => Promise<WatchedServer>): void {
  describeIncremental(name, start);
  describeBatches(name, start);
}

describeAll('a SQLite file', () => withSource((source) => sqliteFiles(source)));
describeAll('PostgreSQL 18', async () => postgresDatabases(await startPostgres({ version: 'embedded' })));
describeWith(['mariadb'], 'as installed', () =>
  describeAll('MariaDB', () => withSource(async (source) => mariadbDatabases(await startMariaDB(), source))),
);
describeWith(['mysql'], 'a server of the machine', () =>
  describeAll('MySQL', () => withSource((source) => mysqlDatabases(machineMysql(), source))),
);
