import { defineEntity, p } from '@mikro-orm/core';
import { incremental, rebuild, view } from '../../model/build.ts';
import { defineDatakit } from '../../model/datakit.ts';
import { range, relationship } from '../../model/expectations.ts';
import { temporalTable, transactionalTable } from '../../model/mixins.ts';
import { table } from '../../model/table.ts';

export const Person = defineEntity({
  name: 'Person',
  tableName: 'person',
  properties: { person_id: p.integer().primary(), name: p.text(), email: p.text().nullable() },
});

export const Sale = defineEntity({
  name: 'Sale',
  tableName: 'sale',
  properties: {
    sale_id: p.integer().primary(),
    person_id: p.integer(),
    amount: p.decimal().precision(12).scale(2),
    sold_at: p.datetime(6),
    paid_at: p.datetime(6).nullable(),
  },
});

/** Filled by the tests: it has no source. */
export const bronze = defineDatakit({ name: 'bronze-sales', layer: 'bronze', tables: [Person, Sale] });

export const Customer = defineEntity({
  name: 'Customer',
  tableName: 'customer',
  properties: { customer_id: p.integer().primary(), label: p.text(), email: p.text().nullable(), ...temporalTable },
});

/** What every function of a query makes of one sale. */
export const SaleFact = defineEntity({
  name: 'SaleFact',
  tableName: 'sale_fact',
  properties: {
    sale_id: p.integer().primary(),
    customer_id: p.integer(),
    amount: p.decimal().precision(12).scale(2),
    day: p.date(),
    month: p.date(),
    due: p.date(),
    year: p.integer(),
    quarter: p.integer(),
    weekday: p.integer(),
    hour: p.integer(),
    seconds: p.bigint().nullable(),
    is_large: p.boolean(),
    kind: p.text(),
  },
});

/** In an order in which they cannot be built: the first reads the second. */
export const silver = defineDatakit({
  name: 'silver-sales',
  layer: 'silver',
  tables: [
    table(SaleFact, {
      expect: [relationship('customer_id', Customer), range('amount', { min: 0 })],
      build: rebuild({ s: Sale, c: Customer }, (from, f) =>
        from
          .selectFrom('s')
          .innerJoin('c', 'c.customer_id', 's.person_id')
          .select((eb) => [
            's.sale_id',
            'c.customer_id',
            's.amount',
            f.date('s.sold_at').as('day'),
            f.month('s.sold_at').as('month'),
            f.addDays(f.date('s.sold_at'), 30).as('due'),
            f.part('year', 's.sold_at').as('year'),
            f.part('quarter', 's.sold_at').as('quarter'),
            f.part('weekday', 's.sold_at').as('weekday'),
            f.part('hour', 's.sold_at').as('hour'),
            f.secondsBetween('s.sold_at', 's.paid_at').as('seconds'),
            f.compare('s.amount', '>=', '100.00').as('is_large'),
            eb.val('it\'s \\ a ? "sale"').as('kind'),
          ]),
      ),
    }),
    table(Customer, {
      build: rebuild({ p: Person }, (from, f) =>
        from
          .selectFrom('p')
          .select((eb) => [
            'p.person_id as customer_id',
            f.concat('p.name', [' ('], eb.ref('p.person_id'), [')']).as('label'),
            'p.email',
          ]),
      ),
    }),
  ],
});

export const Revenue = defineEntity({
  name: 'Revenue',
  tableName: 'revenue',
  properties: {
    month: p.date().primary(),
    revenue: p.decimal().precision(20).scale(2),
    sales: p.bigint(),
  },
});

export const SaleLog = defineEntity({
  name: 'SaleLog',
  tableName: 'sale_log',
  properties: { sale_id: p.integer().primary(), day: p.date(), amount: p.decimal().precision(12).scale(2) },
});

export const RecentDay = defineEntity({
  name: 'RecentDay',
  tableName: 'recent_day',
  properties: { sale_id: p.integer().primary(), day: p.date() },
});

export const BestMonth = defineEntity({
  name: 'BestMonth',
  tableName: 'best_month',
  properties: { month: p.date().primary(), revenue: p.decimal().precision(20).scale(2) },
});

export const gold = defineDatakit({
  name: 'gold-sales',
  layer: 'gold',
  tables: [
    table(Revenue, {
      build: rebuild({ f: SaleFact }, (from, { sum }) =>
        from
          .selectFrom('f')
          .groupBy('f.month')
          .select((eb) => ['f.month', sum('f.amount').as('revenue'), eb.fn.countAll<number>().as('sales')]),
      ),
    }),
    table(BestMonth, {
      build: view({ r: Revenue }, (from) =>
        from.selectFrom('r').where('r.sales', '>', 1n).select(['r.month', 'r.revenue']),
      ),
    }),
    table(SaleLog, {
      build: incremental({ f: SaleFact }, { newBy: 'day', lag: '1 day' }, (from, { isNew }) =>
        from.selectFrom('f').where(isNew('f.day')).select(['f.sale_id', 'f.day', 'f.amount']),
      ),
    }),
    table(RecentDay, {
      build: incremental({ f: SaleFact }, { range: 'day' }, (from) =>
        from.selectFrom('f').select(['f.sale_id', 'f.day']),
      ),
    }),
  ],
});

/** Sales that are in order; the others are set aside, each with what is the matter. */
export const CleanSale = defineEntity({
  name: 'CleanSale',
  tableName: 'clean_sale',
  properties: {
    sale_id: p.integer().primary(),
    person_id: p.integer(),
    email: p.string().length(30),
    amount: p.decimal().precision(12).scale(2),
    paid_at: p.datetime(6),
  },
});

export const cleaned = defineDatakit({
  name: 'silver-cleaned',
  layer: 'silver',
  tables: [
    table(CleanSale, {
      build: rebuild(
        { s: Sale, p: Person },
        (from) =>
          from
            .selectFrom('s')
            .innerJoin('p', 'p.person_id', 's.person_id')
            .select((eb) => [
              's.sale_id',
              's.person_id',
              eb.ref('p.email').$notNull().as('email'),
              's.amount',
              eb.ref('s.paid_at').$notNull().as('paid_at'),
            ]),
        {
          quarantine: {
            'no e-mail address': (row) => row('email', 'is', null),
            "a customer's odd e-mail": (row, { matches }) => row.not(matches('row.email', /^[^@]+@[^@]+$/)),
            'not paid': (row) => row('row.paid_at', 'is', null),
            'no amount': (_, { compare }) => compare('row.amount', '<=', 0),
            'sold twice': (row) =>
              row.exists(
                row
                  .selectFrom('s')
                  .select('s.sale_id')
                  .whereRef('s.person_id', '=', 'row.person_id')
                  .whereRef('s.sale_id', '<', 'row.sale_id'),
              ),
          },
        },
      ),
    }),
  ],
});

/** Its keys are the database's own. */
export const Deal = defineEntity({
  name: 'Deal',
  tableName: 'deal',
  properties: { ...transactionalTable, sale_id: p.integer().unique(), amount: p.decimal().precision(12).scale(2) },
});

/** The sales of the last two days of any sale, to the microsecond. */
export const LateSale = defineEntity({
  name: 'LateSale',
  tableName: 'late_sale',
  properties: { sale_id: p.integer().primary(), sold_at: p.datetime(6), amount: p.decimal().precision(12).scale(2) },
});

/** Fails in the database where a sale has no amount, after the others were built. */
export const Unique = defineEntity({
  name: 'Unique',
  tableName: 'unique_amount',
  properties: { amount: p.decimal().precision(12).scale(2).primary(), person_id: p.integer() },
});

export const keyed = defineDatakit({
  name: 'silver-keyed',
  layer: 'silver',
  tables: [
    table(Deal, {
      build: rebuild({ s: Sale }, (from) => from.selectFrom('s').select(['s.sale_id', 's.amount']), {
        by: ['sale_id'],
      }),
    }),
    table(LateSale, {
      build: incremental({ s: Sale }, { range: 'sold_at', lag: '1 day' }, (from) =>
        from.selectFrom('s').select(['s.sale_id', 's.sold_at', 's.amount']),
      ),
    }),
    table(Unique, {
      build: rebuild({ s: Sale, d: Deal }, (from) =>
        from.selectFrom('s').innerJoin('d', 'd.sale_id', 's.sale_id').select(['s.amount', 's.person_id']),
      ),
    }),
  ],
});
