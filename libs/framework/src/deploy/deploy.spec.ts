import { postgresDatabases, sqliteFiles } from '../engines/contract/places-contract.ts';
import { startPostgres } from '../testing/index.ts';
import { describeDeploy } from './deploy-contract.ts';

describeDeploy('a SQLite file', async () => sqliteFiles());
describeDeploy('PostgreSQL', async () => postgresDatabases(await startPostgres({ version: 'embedded' })));
