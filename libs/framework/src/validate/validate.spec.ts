import { postgresDatabases, sqliteFiles } from '../engines/contract/places-contract.ts';
import { startPostgres } from '../testing/index.ts';
import { describeValidate } from './validate-contract.ts';

describeValidate('a SQLite file', async () => sqliteFiles());
describeValidate('PostgreSQL', async () => postgresDatabases(await startPostgres({ version: 'embedded' })));
