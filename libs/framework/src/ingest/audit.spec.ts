import { mariadbDatabases, postgresDatabases, sqliteFiles } from '../engines/contract/places-contract.ts';
import { describeWith, startMariaDB, startPostgres } from '../testing/index.ts';
import { describeAudit } from './contract/audit-contract.ts';
import { withSource } from './contract/with-source.ts';

describeAudit('a SQLite file', () => withSource(async (source) => sqliteFiles(source)));
describeAudit('PostgreSQL', async () => postgresDatabases(await startPostgres({ version: 'embedded' })));
describeWith(['mariadb'], 'as installed', () =>
  describeAudit('MariaDB', () => withSource(async (source) => mariadbDatabases(await startMariaDB(), source))),
);
