import { describeWith, startMariaDB, startPostgres } from '../../testing/index.ts';
import type { ContractServer } from '../contract/contract-server.ts';
import { describeEngine } from '../contract/engine-contract.ts';
import { mariadbDatabases } from '../contract/places-contract.ts';

async function start(settings: readonly string[]): Promise<ContractServer> {
  const [server, source] = await Promise.all([startMariaDB({ settings }), startPostgres({ version: 'embedded' })]);
  const { host, port, user, password } = source;
  const stop = async (): Promise<void> => {
    await source.stop();
    await server.stop();
  };
  return { ...mariadbDatabases(server, { host, port, user, password, database: 'postgres' }), stop };
}

/** What a server may be set to, and no value or name may feel. */
const hostile = [
  'sql-mode=NO_BACKSLASH_ESCAPES,ANSI_QUOTES',
  'default-time-zone=+05:30',
  'character-set-server=latin1',
];

describeWith(['mariadb'], 'as installed', () => {
  describeEngine('MariaDB', () => start(['local-infile=1']));
  describeEngine('MariaDB that takes no files and is set otherwise', () => start(['local-infile=0', ...hostile]));
});
