import { describeWith, machineMysql, startPostgres } from '../../testing/index.ts';
import type { ContractServer } from '../contract/contract-server.ts';
import { describeEngine } from '../contract/engine-contract.ts';
import { mysqlDatabases } from '../contract/places-contract.ts';

async function start(): Promise<ContractServer> {
  const source = await startPostgres({ version: 'embedded' });
  const { host, port, user, password } = source;
  const server = { ...machineMysql(), stop: () => source.stop() };
  return mysqlDatabases(server, { host, port, user, password, database: 'postgres' });
}

describeWith(['mysql'], 'a server of the machine', () => describeEngine('MySQL', start));
