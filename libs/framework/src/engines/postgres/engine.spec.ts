import { describeWith, startPostgres } from '../../testing/index.ts';
import { describeEngine } from '../contract/engine-contract.ts';
import { postgresDatabases } from '../contract/places-contract.ts';

describeEngine('PostgreSQL, embedded', async () => postgresDatabases(await startPostgres({ version: 'embedded' })));
describeWith(['postgres'], 'as installed', () =>
  describeEngine('PostgreSQL', async () => postgresDatabases(await startPostgres())),
);
