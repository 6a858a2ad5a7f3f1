import { afterAll, beforeAll, describe } from '@jest/globals';
import type { WatchedServer } from '../../engines/contract/places-contract.ts';
import { expectationContract } from './expectation-contract.ts';
import { statementContract } from './statement-contract.ts';
import { valueCheckContract } from './value-check-contract.ts';

/** What every expectation must find on every engine, with rows in a real database. */
export function describeChecks(name: string, start: () => Promise<WatchedServer>): void {
  describe(`checks on ${name}`, () => {
    let server: WatchedServer | undefined;
    beforeAll(async () => void (server = await start()));
    afterAll(() => server?.stop());
    const started = (): WatchedServer => server as WatchedServer;
    valueCheckContract(started);
    expectationContract(started);
    statementContract(started);
  });
}
