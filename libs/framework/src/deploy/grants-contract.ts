import { describe, expect, it } from '@jest/globals';
import type { Datakit } from '../model/datakit.ts';
import { grantFindings } from '../validate/grant-findings.ts';
import { onlyFilm, type Stage } from './stage-contract.ts';

/** Declared readers may read, and nobody loses a right that we did not give. */
export function grantsContract({ engine, deploy, open, quoted, ledger, physical }: Stage): void {
  const readBy = (...readers: string[]): Datakit => ({ ...onlyFilm, readers });

  describe('and readers', () => {
    it('may read once they are declared, and no longer when they are not', async () => {
      if (!engine().supportsGrants) {
        expect(await deploy(readBy('nobody at all'))).toMatchObject({ applied: true, plan: { destructive: [] } });
        expect(await deploy(readBy('nobody at all'))).toMatchObject({ applied: false });
        return;
      }
      await deploy(onlyFilm);
      const session = await open();
      await expect(deploy(readBy('analyst'))).rejects.toMatchObject({ code: 'ROLE_UNKNOWN' });
      for (const role of ['analyst', 'auditor']) await session.execute(`create role ${role}`);
      try {
        await session.execute(`grant select on ${quoted('film')} to auditor`);
        const held = async (reader: string): Promise<number> =>
          (await engine().heldGrants(session, [{ reader, on: physical('film') }])).length;
        expect((await grantFindings(readBy('analyst'), engine(), session)).map(({ kind }) => kind)).toContain(
          'grant missing',
        );
        expect(await deploy(readBy('analyst'))).toMatchObject({ applied: true, plan: { destructive: [] } });
        expect(await held('analyst')).toBe(1);
        expect(await grantFindings(readBy('analyst'), engine(), session)).toEqual([]);
        expect(await deploy(readBy('analyst'))).toMatchObject({ applied: false });

        // A right that somebody took away by hand is found and given again.
        await session.execute(`revoke select on ${quoted('film')} from analyst`);
        expect(await grantFindings(readBy('analyst'), engine(), session)).toMatchObject([{ object: 'film' }]);
        expect(await deploy(readBy('analyst'))).toMatchObject({ applied: true });
        expect(await held('analyst')).toBe(1);

        expect(await deploy(onlyFilm)).toMatchObject({ applied: true });
        expect(await Promise.all(['analyst', 'auditor'].map(held))).toEqual([0, 1]);
        expect(await session.query(`select object from ${ledger('objects')} where kind = 'grant'`)).toEqual([]);
        expect(await deploy(onlyFilm)).toMatchObject({ applied: false });
      } finally {
        if (engine().supportsSchemas) await session.execute('drop owned by analyst, auditor');
        for (const role of ['analyst', 'auditor']) await session.execute(`drop role ${role}`);
      }
    });
  });
}
