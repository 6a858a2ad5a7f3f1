import { defineEntity, p } from '@mikro-orm/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  bronze,
  cleaned,
  CleanSale,
  Customer,
  gold,
  Person,
  Revenue,
  Sale,
  SaleFact,
  SaleLog,
  silver,
} from '../ingest/contract/built-datakits.ts';
import { acceptedValues, matches, range, relationship, unique } from '../model/expectations.ts';
import { defineDatakit } from '../model/datakit.ts';
import { transactionalTable } from '../model/mixins.ts';
import { table } from '../model/table.ts';
import {
  deployTestTarget,
  describeWith,
  given,
  makeRows,
  makeScenario,
  runTransform,
  startMariaDB,
  startPostgres,
} from './index.ts';

const Shop = defineEntity({
  name: 'Shop',
  tableName: 'shop',
  properties: {
    shop_id: p.smallint().primary(),
    keeper_id: p.integer(),
    code: p.string().length(3),
    colour: p.enum(['red', 'blue']),
  },
});
const Keeper = defineEntity({
  name: 'Keeper',
  tableName: 'keeper',
  properties: {
    keeper_id: p.integer().primary(),
    shop_id: p.smallint(),
    email: p.text(),
    grade: p.text(),
    born: p.date(),
    pay: p.decimal().precision(7).scale(2),
  },
});
const Shift = defineEntity({
  name: 'Shift',
  tableName: 'shift',
  properties: {
    shop_id: p.smallint().primary(),
    keeper_id: p.integer().primary(),
    begins: p.datetime(6),
    note: p.text().nullable(),
  },
});
const Odd = defineEntity({
  name: 'Odd',
  tableName: 'odd',
  properties: {
    ...transactionalTable,
    flag: p.boolean(),
    big: p.bigint(),
    ratio: p.double(),
    bytes: p.blob(),
    stuff: p.json(),
    list: p.array<string>().columnType('text[]'),
    when: p.datetime(6),
    text: p.text().nullable(),
    long: p.decimal().precision(40).scale(10),
  },
});
/** Shops and keepers point to each other, as they do in Pagila. */
const shops = defineDatakit({
  name: 'silver-shops',
  layer: 'silver',
  tables: [
    table(Shift, { expect: [relationship('shop_id', Shop), relationship('keeper_id', Keeper)] }),
    table(Shop, { expect: [relationship('keeper_id', Keeper), unique('code')] }),
    table(Keeper, {
      expect: [
        relationship('shop_id', Shop),
        matches('email', /^[^@\s]+@[^@\s]+$/),
        acceptedValues('grade', ['A', 'B']),
        range('born', { min: '1950-01-01', below: '1951-01-01' }),
        range('pay', { above: 100, max: 200 }),
      ],
    }),
    Odd,
  ],
});

describe('made rows', () => {
  it('are the same for the same seed, and others for another one', () => {
    const [first, again, other] = [1, 1, 2].map((seed) => makeScenario(shops, { seed, rows: 20 }));
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(makeRows(Keeper, 2, { with: (row) => ({ grade: row === 0 ? 'B' : 'A' }) }).rows).toMatchObject([
      { keeper_id: 1, grade: 'B' },
      { keeper_id: 2, grade: 'A' },
    ]);
  });

  it('are refused where nobody knows a valid value, or the table is not there', () => {
    const Code = defineEntity({
      name: 'Code',
      tableName: 'code',
      properties: { id: p.integer().primary(), code: p.text() },
    });
    defineDatakit({
      name: 'silver-code',
      layer: 'silver',
      tables: [table(Code, { expect: [matches('code', /^XX-[0-9]+$/)] })],
    });
    expect(() => makeRows(Code, 1)).toThrow(
      expect.objectContaining({ code: 'DATAKIT_INVALID', message: expect.stringContaining('code.code') }),
    );
    expect(makeRows(Code, 1, { with: { code: 'XX-1' } }).rows).toEqual([{ id: 1, code: 'XX-1' }]);
    expect(() => makeScenario(shops, { rows: { shopp: 1 } })).toThrow(
      expect.objectContaining({ code: 'TABLE_UNKNOWN' }),
    );
  });
});

/** One meaning on every engine. */
function describeTransforms(
  name: string,
  start: () => Promise<{ target: string | { url: string }; stop(): Promise<void> }>,
): void {
  describe(`tests of transforms on ${name}`, () => {
    let place: Awaited<ReturnType<typeof start>>;
    beforeAll(async () => void (place = await start()));
    afterAll(async () => place?.stop());

    it('run one alone, on rows with the columns that matter', async () => {
      const { rows, table: report } = await runTransform(
        silver,
        SaleFact,
        [
          given(Sale, [{ sale_id: 7, amount: '100.00', sold_at: '2005-05-31T23:30:00Z', person_id: 3 }]),
          given(Customer, [{ customer_id: 3 }]),
        ],
        place.target,
      );
      expect(report).toMatchObject({ read: 1, loaded: 1, quarantined: 0 });
      expect(rows).toEqual([
        {
          ...{
            sale_id: 7,
            customer_id: 3,
            amount: '100.00',
            day: '2005-05-31',
            month: '2005-05-01',
            due: '2005-06-30',
          },
          ...{
            year: 2005,
            quarter: 2,
            weekday: 2,
            hour: 23,
            seconds: null,
            is_large: true,
            kind: 'it\'s \\ a ? "sale"',
          },
        },
      ]);
    });

    it('show what was set aside, and add to what is there', async () => {
      const { rows, quarantined } = await runTransform(
        cleaned,
        CleanSale,
        [
          given(Person, [{ person_id: 1, email: 'a@b' }, { person_id: 2 }]),
          given(Sale, [{ paid_at: '2005-01-01T00:00:00Z', person_id: 1 }, { person_id: 2 }]),
        ],
        place.target,
      );
      expect(rows).toMatchObject([{ sale_id: 1, email: 'a@b', paid_at: '2005-01-01T00:00:00.000000Z' }]);
      expect(quarantined).toMatchObject([{ reason: 'no e-mail address', row: { sale_id: '2', email: null } }]);
      const log = await runTransform(
        gold,
        SaleLog,
        [
          given(SaleLog, [{ sale_id: 1, day: '2005-03-01', amount: '1.00' }]),
          given(SaleFact, [
            { sale_id: 2, day: '2005-03-02', amount: '2.00' },
            { sale_id: 3, day: '2005-02-01' },
          ]),
        ],
        place.target,
      );
      expect(log.rows.map(({ sale_id: id }) => id)).toEqual([1, 2]);
    });

    it('fail as a build does', async () => {
      const negative = [given(Sale, [{ amount: '-1.00', person_id: 1 }]), given(Customer, [{ customer_id: 1 }])];
      await expect(runTransform(silver, SaleFact, negative, place.target)).rejects.toMatchObject({
        code: 'CHECK_FAILED',
      });
    });

    it('hold a whole scenario, whose relations lead somewhere', async () => {
      await using target = await deployTestTarget([shops], place.target);
      await target.load(...makeScenario(shops, { rows: { shop: 5, keeper: 30, shift: 100, odd: 50 } }));
      expect((await target.validate(shops)).findings).toEqual([]);
      expect(await target.rows(Shift)).toHaveLength(100);
      const odd = await target.rows(Odd);
      const made = makeRows(Odd, 50).rows;
      expect(odd.map(({ id, big, flag }) => [id, big, flag])).toEqual(
        made.map(({ id, big, flag }) => [id, BigInt(big as number), flag]),
      );
      await target.load(given(Shift, [{ shop_id: 99, keeper_id: 1 }]));
      expect((await target.validate(shops)).findings).toMatchObject([
        { check: 'relationship', object: 'shift.shop_id', failed: 1 },
      ]);
    });

    it('take many rows', async () => {
      await using target = await deployTestTarget([bronze, silver, gold], place.target);
      await target.load(
        makeRows(SaleFact, 20_000, {
          with: (row) => ({ month: '2005-01-01', amount: row % 2 === 0 ? '0.01' : '1.00' }),
        }),
      );
      await target.build(gold, [Revenue]);
      expect(await target.rows(Revenue)).toEqual([{ month: '2005-01-01', revenue: '10100.00', sales: 20_000n }]);
    });
  });
}

describeTransforms('SQLite in memory', async () => ({ target: 'sqlite_memory', stop: async () => undefined }));
describeTransforms('PostgreSQL 18', async () => {
  const server = await startPostgres({ version: 'embedded' });
  return { target: { url: server.url('transforms') }, stop: () => server.stop() };
});
describeWith(['mariadb'], 'as installed', () =>
  describeTransforms('MariaDB', async () => {
    const server = await startMariaDB();
    return { target: { url: server.url('transforms') }, stop: () => server.stop() };
  }),
);
