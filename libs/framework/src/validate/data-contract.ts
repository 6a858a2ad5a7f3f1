import { defineEntity, p } from '@mikro-orm/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deployTo } from '../deploy/deploy.ts';
import type { WatchedServer } from '../engines/contract/places-contract.ts';
import { defineDatakit } from '../model/datakit.ts';
import { freshness, matches, notNull, range, relationship, rowCount, unique } from '../model/expectations.ts';
import { table } from '../model/table.ts';
import { TargetDatabase } from '../targets/target-database.ts';
import { validateTarget } from './validate.ts';

const Owner = defineEntity({
  name: 'Owner',
  tableName: 'owner',
  properties: { id: p.integer().primary().autoincrement(false) },
});
const Pet = defineEntity({
  name: 'Pet',
  tableName: 'pet',
  properties: {
    id: p.integer().primary().autoincrement(false),
    name: p.text().nullable(),
    weight: p.decimal().precision(5).scale(2).nullable(),
    owner_id: p.integer().nullable(),
    seen_at: p.datetime(6).nullable(),
  },
});
const owners = defineDatakit({ name: 'owners', layer: 'silver', tables: [Owner] });
const pets = defineDatakit({
  name: 'pets',
  layer: 'silver',
  tables: [
    table(Pet, {
      expect: [
        unique('name'),
        range('weight', { above: 0, severity: 'warn' }),
        matches('name', /^[a-z]+$/),
        relationship('owner_id', Owner),
        notNull('name', { where: 'weight > 1' }),
        rowCount({ min: 2 }),
        freshness('seen_at', { maxAge: '1 day' }),
      ],
    }),
  ],
});

/** Validation looks at rows, too, and at nothing that is not as declared. */
export function describeDataValidation(name: string, start: () => Promise<WatchedServer>): void {
  describe(`validation of rows on ${name}`, () => {
    let server: WatchedServer;
    beforeAll(async () => void (server = await start()));
    afterAll(() => server?.stop());

    async function open(database: string): Promise<TargetDatabase> {
      const where = { kind: 'place', place: server.place(database) } as const;
      const target = { name: 'test', inMemory: false, protected: false, where, workspaceRoot: '/', environment: {} };
      return await TargetDatabase.open(target);
    }

    const shown = (result: Awaited<ReturnType<typeof validateTarget>>): string[] =>
      result.findings.map(
        ({ check, severity, object, kind, found, failed }) =>
          `${check} ${severity} ${object} ${kind}: ${found} (${failed ?? '-'})`,
      );

    it('names each expectation that does not hold, and changes nothing', async () => {
      await using database = await open('validate_rows');
      await deployTo(owners, database, { runId: 'run' });
      await deployTo(pets, database, { runId: 'run' });
      const session = await database.connect();
      const pet = database.engine.supportsSchemas ? 'pets.pet' : 'pets_pet';
      const owner = database.engine.supportsSchemas ? 'owners.owner' : 'owners_owner';
      await session.execute(`insert into ${owner} (id) values (1)`);
      await session.execute(
        `insert into ${pet} (id, name, weight, owner_id, seen_at) values
         (1, 'rex', '12.50', 1, null), (2, 'rex', '0.00', 2, null), (3, 'Tom', '-0.01', null, null), (4, null, '3', 1, null)`,
      );
      const state = async (): Promise<unknown> => [
        await session.query(server.catalogueState),
        await session.query(`select count(*) as rows_there, sum(id) as ids from ${pet}`),
      ];
      const before = await state();
      const everything = [
        'unique error pet.name duplicate: 2 rows (2)',
        'range warn pet.weight out of range: 2 of 4 rows (2)',
        'matches error pet.name no match: 1 of 4 rows (1)',
        'relationship error pet.owner_id no parent: 1 row (1)',
        'notNull error pet.name null: 1 of 4 rows (1)',
        'freshness error pet.seen_at stale: no row that counts (-)',
      ];
      expect(shown(await validateTarget(pets, database))).toEqual(everything);
      expect(shown(await validateTarget(pets, database, { checks: ['data'] }))).toEqual(everything.slice(0, -1));
      expect(shown(await validateTarget(pets, database, { checks: ['freshness'] }))).toEqual(everything.slice(-1));
      expect(shown(await validateTarget(pets, database, { checks: ['structure'] }))).toEqual([]);
      expect(await state()).toEqual(before);

      const { findings, keys } = await validateTarget(pets, database, { checks: ['data'], showKeys: 1 });
      expect(findings.map((finding) => keys.get(finding)?.length)).toEqual([1, 1, 1, 1, 1]);
      expect(keys.get(findings[3]!)).toEqual(['id=2']);
      expect(JSON.stringify(findings)).not.toMatch(/rex|Tom|id=/);
    });

    it('leaves out what looks at a table or column that is not as declared, and says so', async () => {
      await using database = await open('validate_drifted');
      await deployTo(pets, database, { runId: 'run' });
      const session = await database.connect();
      const pet = database.engine.supportsSchemas ? 'pets.pet' : 'pets_pet';
      await session.execute(`alter table ${pet} drop column weight`);
      expect(shown(await validateTarget(pets, database, { checks: ['structure', 'data'] }))).toEqual([
        'structure error pet.weight column missing: null (-)',
        'relationship error pet.owner_id not checked: ' +
          `${database.engine.supportsSchemas ? 'owner' : 'owners_owner'} is not there (-)`,
        'rowCount error pet row count: 0 rows (-)',
      ]);
      expect(shown(await validateTarget(pets, database, { checks: ['data'] }))).toEqual([
        expect.stringMatching(/^range warn pet.weight not checked: \w*pet.weight is not as declared/),
        expect.stringMatching(/^relationship error pet.owner_id not checked/),
        expect.stringMatching(/^notNull error pet.name not checked: \w*pet.weight is not as declared/),
        'rowCount error pet row count: 0 rows (-)',
      ]);
    });

    it('of tables that are not there is NOT_DEPLOYED', async () => {
      await using database = await open('validate_nothing');
      await expect(validateTarget(pets, database, { checks: ['data'] })).rejects.toMatchObject({
        code: 'NOT_DEPLOYED',
      });
    });
  });
}
