import { afterAll, beforeAll, describe } from '@jest/globals';
import { databaseContract, sharedDatabaseContract } from './database-contract.ts';
import { alterationContract } from './alteration-contract.ts';
import { identifierContract } from './identifier-contract.ts';
import { lockContract } from './lock-contract.ts';
import { structureContract } from './structure-contract.ts';
import { valueContract } from './value-contract.ts';
import type { ContractServer } from './contract-server.ts';

/**
 * What every engine must do, against a real database. An engine's spec runs it for each place where it can keep data.
 *
 * @param start starts a server, or finds a place for files
 * @param sessions `one` where no second session can reach a database, so that there is nobody to lock out
 */
export function describeEngine(
  name: string,
  start: () => Promise<ContractServer>,
  sessions: 'one' | 'many' = 'many',
): void {
  describe(name, () => {
    let server: ContractServer | undefined;
    beforeAll(async () => void (server = await start()));
    afterAll(() => server?.stop());
    const started = (): ContractServer => server as ContractServer;
    databaseContract(started);
    if (sessions === 'many') sharedDatabaseContract(started);
    structureContract(started);
    alterationContract(started);
    if (sessions === 'many') lockContract(started);
    identifierContract(started);
    valueContract(started);
  });
}
