import {
  mariadbDatabases,
  mysqlDatabases,
  postgresDatabases,
  sqliteFiles,
} from '../engines/contract/places-contract.ts';
import { describeWith, machineMysql, startMariaDB, startPostgres } from '../testing/index.ts';
import { describeBadFiles } from './contract/bad-files-contract.ts';
import { describeBadRows } from './contract/bad-rows-contract.ts';
import { describeSiftedValues } from './contract/sifted-values-contract.ts';
import { withSource } from './contract/with-source.ts';

/** Servers that are set otherwise than we pin their sessions. */
const hostile = ['local-infile=0', 'sql-mode=NO_BACKSLASH_ESCAPES,ANSI_QUOTES', 'character-set-server=latin1'];

for (const describeContract of [describeBadRows, describeBadFiles, describeSiftedValues]) {
  describeContract('a SQLite file', () => withSource((source) => sqliteFiles(source)));
  describeContract('PostgreSQL 18', async () => postgresDatabases(await startPostgres({ version: 'embedded' })));
  describeWith(['postgres'], 'as installed', () =>
    describeContract('PostgreSQL', async () => postgresDatabases(await startPostgres())),
  );
  describeWith(['mariadb'], 'as installed', () => {
    describeContract('MariaDB', () => withSource(async (source) => mariadbDatabases(await startMariaDB(), source)));
    describeContract('MariaDB that is set otherwise', () =>
      withSource(async (source) => mariadbDatabases(await startMariaDB({ settings: hostile }), source)),
    );
  });
  describeWith(['mysql'], 'a server of the machine', () =>
    describeContract('MySQL', () => withSource((source) => mysqlDatabases(machineMysql(), source))),
  );
}
