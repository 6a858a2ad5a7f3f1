import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContractServer } from '../contract/contract-server.ts';
import { describeEngine } from '../contract/engine-contract.ts';
import { startPostgres } from '../../testing/index.ts';
import { engine } from './engine.ts';

async function start(place: (folder: string, database: string) => string): Promise<ContractServer> {
  const folder = mkdtempSync(join(tmpdir(), 'datakit-engine-'));
  const source = await startPostgres({ version: 'embedded' });
  const { host, port, user, password } = source;
  return {
    engine,
    place: (database) => ({ engine: 'sqlite', file: place(folder, database) }),
    source: { host, port, user, password, database: 'postgres' },
    shown: (column) => `typeof(${column}) || ':' || iif(typeof(${column}) = 'blob', hex(${column}), ${column})`,
    keepsTypes: false,
    stop: async () => {
      await source.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

describeEngine('SQLite in a file', () => start((folder, database) => join(folder, 'new folder', `${database}.sqlite`)));
describeEngine('SQLite in memory', () => start(() => ':memory:'));
