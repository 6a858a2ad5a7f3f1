import { startPostgres } from '../../testing/index.ts';
import type { ContractServer } from '../contract/contract-server.ts';
import { describeEngine } from '../contract/engine-contract.ts';
import { sqliteFiles } from '../contract/places-contract.ts';

async function start(overrides: Partial<ContractServer> = {}): Promise<ContractServer> {
  const source = await startPostgres({ version: 'embedded' });
  const { host, port, user, password } = source;
  const files = sqliteFiles({ host, port, user, password, database: 'postgres' });
  const stop = async (): Promise<void> => {
    await source.stop();
    await files.stop();
  };
  return { ...files, ...overrides, stop };
}

describeEngine('SQLite in a file', () => start());
describeEngine('SQLite in memory', () => start({ place: () => ({ engine: 'sqlite', file: ':memory:' }) }), 'one');
