import { defineEntity, p } from '@mikro-orm/core';
import { describe, expect, it } from '@jest/globals';
import { oddValues } from '../../engines/contract/odd-values.ts';
import type { WatchedServer } from '../../engines/contract/places-contract.ts';
import { bronzeMetadata } from '../../model/bronze-metadata.ts';
import { loadBench } from './load-bench.ts';

/** A list of lists is not of the declared type. */
const nestedList = /^'\{\{/;
const types = Object.keys(oddValues);
const Odd = defineEntity({
  name: 'Odd',
  tableName: 'odd',
  properties: {
    id: p.integer().primary().autoincrement(false),
    ...Object.fromEntries(types.map((type, index) => [`c${index}`, p.string().columnType(type).nullable()])),
    ...bronzeMetadata,
  },
});

/** A value is the same whether its row was looked at or not. */
export function describeSiftedValues(name: string, start: () => Promise<WatchedServer>): void {
  describe(`values that went through a sift into ${name}`, () => {
    const bench = loadBench(start, Odd);

    /** A row for each value, with nulls beside it. */
    async function fill(refused: boolean): Promise<number> {
      const { source, server } = bench();
      await source.execute(
        `create table odd (id integer primary key, ${types.map((type, index) => `c${index} ${type}`).join(', ')})`,
      );
      let id = 0;
      for (const [index, type] of types.entries()) {
        for (const [sql, portable] of oddValues[type] ?? []) {
          const form = server.keepsTypes ? portable : (server.form?.(type, portable) ?? portable);
          const isBad = nestedList.test(sql) || (form === 'refused' && !server.keepsTypes);
          if (isBad !== refused) continue;
          await source.execute(`insert into odd (id, c${index}) values (${++id}, ${sql})`);
        }
      }
      return id;
    }

    async function shown(): Promise<unknown[]> {
      const { server, rows, named } = bench();
      const columns = types.map((type, index) => `${server.shown(`c${index}`, type)} as c${index}`);
      return await rows(`select id, ${columns.join(', ')} from ${named('odd')} order by id`);
    }

    it('are those of the direct way, of every type', async () => {
      const count = await fill(false);
      expect((await bench().load({})).table).toMatchObject({ read: count, loaded: count });
      const direct = await shown();
      expect(direct).toHaveLength(count);
      const { table, error } = await bench().load({}, { maxBadRows: '1%' });
      expect(error).toBeUndefined();
      expect(table).toMatchObject({ read: count, loaded: count, quarantined: 0 });
      expect(await shown()).toEqual(direct);
    });

    it('are set aside where the target has no form for them, and lists of lists', async () => {
      const count = await fill(true);
      const { table } = await bench().load({}, { maxBadRows: '100%' });
      expect(table).toMatchObject({ read: count, loaded: 0, quarantined: count });
      const { rows, ledger } = bench();
      const reasons = await rows(`select distinct reason from ${ledger('quarantine')} order by reason`);
      expect(reasons).toEqual([...(count > 1 ? [{ reason: 'no_form' }] : []), { reason: 'wrong_type' }]);
    });
  });
}
