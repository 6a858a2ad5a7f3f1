import type { WatchedServer } from '../../engines/contract/places-contract.ts';
import { startPostgres } from '../../testing/index.ts';

/** A server to load into, with a PostgreSQL to read from beside it; both stop together. */
export async function withSource(
  make: (source: WatchedServer['source']) => WatchedServer | Promise<WatchedServer>,
): Promise<WatchedServer> {
  const source = await startPostgres({ version: 'embedded' });
  const { host, port, user, password } = source;
  const server = await make({ host, port, user, password, database: 'postgres' });
  const stop = async (): Promise<void> => {
    await server.stop();
    await source.stop();
  };
  return { ...server, stop };
}
