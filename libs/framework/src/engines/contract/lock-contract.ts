import { describe, expect, it } from '@jest/globals';
import type { Lock } from '../engine.ts';
import { contractDatabase, type ContractServer } from './contract-server.ts';

const exclusive: Lock = { key: 'table:contract', shared: false };
const shared: Lock = { key: 'table:contract', shared: true };

/** One writer at a time, and nothing to clean up after one that died. */
export function lockContract(server: () => ContractServer): void {
  describe('a lock', () => {
    const database = contractDatabase(server, 'locks');

    /** Tries to get a lock in another session while this one holds one. */
    async function whileHeld(held: Lock, wanted: Lock, timeoutSeconds = 0): Promise<unknown> {
      const { engine, session, connect } = database();
      await using other = await connect();
      return await engine.transaction(session, { locks: [held], timeoutSeconds }, () =>
        engine
          .transaction(other, { locks: [wanted], timeoutSeconds }, async () => 'taken')
          .catch((error: unknown) => error),
      );
    }

    it('keeps a second session out, and names who holds it', async () => {
      const error = await whileHeld(exclusive, exclusive);
      expect(error).toMatchObject({ code: 'LOCKED', retryable: true });
      if (server().engine.supportsConcurrentWriters) {
        expect((error as Error).message).toMatch(/by process \d+ from \S+ since 20\d\d-/);
      }
    });

    it('waits as long as it was told', async () => {
      const begun = performance.now();
      expect(await whileHeld(exclusive, exclusive, 1)).toMatchObject({ code: 'LOCKED' });
      expect(performance.now() - begun).toBeGreaterThan(950);
      expect(performance.now() - begun).toBeLessThan(5_000);
    });

    it('that is shared keeps exclusive ones out, both ways', async () => {
      expect(await whileHeld(shared, exclusive)).toMatchObject({ code: 'LOCKED' });
      expect(await whileHeld(exclusive, shared)).toMatchObject({ code: 'LOCKED' });
    });

    it('lets other writers go on where the engine has several', async () => {
      if (!server().engine.supportsConcurrentWriters) return;
      expect(await whileHeld(shared, shared)).toBe('taken');
      expect(await whileHeld(exclusive, { key: 'table:other', shared: false })).toBe('taken');
    });

    it('ends with its session', async () => {
      const { engine, session, connect } = database();
      const dying = await connect();
      const held = engine.transaction(dying, { locks: [exclusive], timeoutSeconds: 0 }, async () => {
        await dying[Symbol.asyncDispose]();
        await dying.query('select 1');
      });
      await expect(held).rejects.toThrow();
      expect(await engine.transaction(session, { locks: [exclusive], timeoutSeconds: 2 }, async () => 'taken')).toBe(
        'taken',
      );
    });

    it('of somebody who reads a table makes its change give up, so that no queue grows behind it', async () => {
      if (!server().engine.supportsConcurrentWriters) return;
      const { engine, session, connect } = database();
      await session.execute('create table in_use (id integer)');
      await using reader = await connect();
      await reader.execute('begin');
      await reader.query('select * from in_use');
      const change = engine.transaction(session, { locks: [], timeoutSeconds: 0, structural: true }, () =>
        session.execute('alter table in_use add column more integer'),
      );
      await expect(change).rejects.toMatchObject({ code: 'LOCKED', retryable: true });
      await reader.execute('rollback');
    });

    it('is free again after work that failed', async () => {
      const { engine, session } = database();
      const options = { locks: [exclusive], timeoutSeconds: 0 };
      await expect(engine.transaction(session, options, () => Promise.reject(new Error('in vain')))).rejects.toThrow(
        'in vain',
      );
      expect(await engine.transaction(session, options, async () => 'taken')).toBe('taken');
    });
  });
}
