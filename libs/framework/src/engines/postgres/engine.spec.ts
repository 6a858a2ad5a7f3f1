import { describeWith, startPostgres } from '../../testing/index.ts';
import type { ContractServer } from '../contract/contract-server.ts';
import { describeEngine } from '../contract/engine-contract.ts';
import { engine } from './engine.ts';

async function start(version: 'system' | 'embedded'): Promise<ContractServer> {
  const server = await startPostgres({ version });
  const { host, port, user, password } = server;
  const address = { host, port, user, password };
  return {
    engine,
    place: (database) => ({ engine: 'postgres', ...address, database }),
    source: { ...address, database: 'postgres' },
    shown: (column) => `pg_typeof(${column})::text || ':' || ${column}::text`,
    keepsTypes: true,
    stop: () => server.stop(),
  };
}

describeEngine('PostgreSQL, embedded', () => start('embedded'));
describeWith(['postgres'], 'as installed', () => describeEngine('PostgreSQL', () => start('system')));
