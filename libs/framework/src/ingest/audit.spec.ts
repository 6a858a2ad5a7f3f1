import { mariadbDatabases, postgresDatabases, sqliteFiles } from '../engines/contract/places-contract.ts';
import { describeWith, startMariaDB, startPostgres } from '../testing/index.ts';
import { describeAudit } from './contract/audit-contract.ts';

/** A server to read from, beside the one to load into. */
async function withSource<Server extends { stop(): Promise<void> }>(
  make: (source: { host: string; port: number; user: string; password: string; database: string }) => Promise<Server>,
): Promise<Server> {
  const source = await startPostgres({ version: 'embedded' });
  const { host, port, user, password } = source;
  const server = await make({ host, port, user, password, database: 'postgres' });
  const stop = async (): Promise<void> => {
    await server.stop();
    await source.stop();
  };
  return { ...server, stop };
}

describeAudit('a SQLite file', () => withSource(async (source) => sqliteFiles(source)));
describeAudit('PostgreSQL', async () => postgresDatabases(await startPostgres({ version: 'embedded' })));
describeWith(['mariadb'], 'as installed', () =>
  describeAudit('MariaDB', () => withSource(async (source) => mariadbDatabases(await startMariaDB(), source))),
);
