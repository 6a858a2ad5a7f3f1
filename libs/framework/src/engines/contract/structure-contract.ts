import { describe, expect, it } from '@jest/globals';
import { everything, everyType } from './contract-fixture.ts';
import { contractDatabase, type ContractServer } from './contract-server.ts';
import { createAll, differencesFrom, structuresOf } from './structure-steps-contract.ts';

/** What is declared is what is there, and comparing again finds nothing. */
export function structureContract(server: () => ContractServer): void {
  describe('tables', () => {
    const database = contractDatabase(server, 'structures');

    it('of every type, key, index, check and relation are found as they were declared', async () => {
      await createAll(everything, database());
      expect(await differencesFrom(everything, database())).toEqual([]);
      const [types] = structuresOf(everything, database());
      expect(types?.columns).toHaveLength(everyType.length + 1);
    });

    it('give their defaults to new rows', async () => {
      const { engine, session } = database();
      const table = engine.quoteTable(structuresOf(everything, database())[1]!.table);
      await session.execute(`insert into ${table} (id) values (1)`);
      const texts = ['empty', 'quotes', 'digits', 'casts', 'word', 'letter', 'rating', 'call']
        .map((column) => engine.quote(column))
        .map((column) => `concat('', ${column}) as ${column}`)
        .join(', ');
      expect(await session.query(`select ${texts} from ${table}`)).toEqual([
        {
          empty: '',
          quotes: `it's "quoted" \\ and\nbroken; -- ?`,
          digits: '007',
          casts: "'a'::text",
          word: 'NULL',
          letter: expect.stringMatching(/^Ab ?$/),
          rating: 'G',
          call: 'ABC',
        },
      ]);
      const holds = `number = -1 and big = -9223372036854775807 and concat('', price) = '4.90' and ratio = 0.5 and sum = 9 and yes and not no`;
      expect(await session.query(`select id from ${table} where ${holds}`)).toEqual([{ id: 1 }]);
    });

    it('keep their checks', async () => {
      const { engine, session } = database();
      const table = engine.quoteTable(structuresOf(everything, database())[2]!.table);
      const insert = (values: string): Promise<number> =>
        session.execute(`insert into ${table} (order_id, position, code, amount, note) values (${values})`);
      await insert(`1, 1, 'x', 0, ')'`);
      await expect(insert(`1, 2, 'y', -1, ''`)).rejects.toMatchObject({ code: 'TARGET_FAILED' });
      await expect(insert(`1, 3, 'x''y', 1, ')'`)).rejects.toMatchObject({ code: 'TARGET_FAILED' });
      await expect(insert(`1, 1, 'z', 1, ''`)).rejects.toMatchObject({ code: 'TARGET_FAILED' });
      await expect(insert(`1, 4, 'x', 1, ''`)).rejects.toMatchObject({ code: 'TARGET_FAILED' });
    });

    it('that are not there are left out, and looking changes nothing', async () => {
      const { engine, session } = database();
      const missing = { ...structuresOf(everything, database())[0]!.table, name: 'not_there' };
      expect(await engine.readTables(session, [missing])).toEqual([]);
      expect(await engine.readTables(session, [])).toEqual([]);
    });
  });
}
