import { defineEntity, p } from '@mikro-orm/core';
import { expect, it } from '@jest/globals';
import { incremental, rebuild } from './build.ts';
import { temporalTable } from './mixins.ts';
import { table } from './table.ts';

const Source = defineEntity({
  name: 'Source',
  tableName: 'source',
  properties: { id: p.integer().primary(), email: p.text().nullable(), amount: p.decimal().precision(5).scale(2) },
});
const Target = defineEntity({
  name: 'Target',
  tableName: 'target',
  properties: {
    id: p.integer().primary(),
    email: p.text(),
    amount: p.decimal(),
    note: p.text().nullable(),
    ...temporalTable,
  },
});

// What the compiler refuses is the test: a line that compiles although it should not fails the type check.
it('takes a query whose columns are those of the table, and no other', () => {
  const good = table(Target, {
    build: rebuild({ s: Source }, (from) =>
      from.selectFrom('s').select((eb) => ['s.id', 's.amount', eb.ref('s.email').$notNull().as('email')]),
    ),
  });
  expect(good.options.build).toMatchObject({ kind: 'rebuild', inputs: { s: Source } });

  table(Target, {
    // @ts-expect-error -- the e-mail may be null in the source and not in the target
    build: rebuild({ s: Source }, (from) => from.selectFrom('s').select(['s.id', 's.amount', 's.email'])),
  });

  // @ts-expect-error -- the e-mail is missing
  table(Target, { build: rebuild({ s: Source }, (from) => from.selectFrom('s').select(['s.id', 's.amount'])) });

  table(Target, {
    // @ts-expect-error -- a number is not a text
    build: rebuild({ s: Source }, (from) => from.selectFrom('s').select(['s.id', 's.amount', 's.id as email'])),
  });

  table(Target, {
    // @ts-expect-error -- the target has no such column
    build: rebuild({ s: Source }, (from) =>
      from
        .selectFrom('s')
        .select((eb) => ['s.id', 's.amount', 's.id as more', eb.ref('s.email').$notNull().as('email')]),
    ),
  });

  // @ts-expect-error -- the source has no such column
  rebuild({ s: Source }, (from) => from.selectFrom('s').select(['s.id', 's.mail']));

  // @ts-expect-error -- nor do the functions know it
  rebuild({ s: Source }, (from, { sum }) => from.selectFrom('s').select([sum('s.total').as('total')]));

  // @ts-expect-error -- and no other table is there
  rebuild({ s: Source }, (from) => from.selectFrom('t').select('t.id'));

  table(Source, {
    // @ts-expect-error -- the table has no column that grows by this name
    build: incremental({ s: Source }, { newBy: 'day' }, (from) => from.selectFrom('s').selectAll('s')),
  });
  table(Source, {
    build: incremental({ s: Source }, { newBy: 'id' }, (from) => from.selectFrom('s').selectAll('s')),
  });
});

it('takes conditions on the columns of the query, and on no other', () => {
  const cleaned = table(Target, {
    build: rebuild(
      { s: Source },
      (from) => from.selectFrom('s').select((eb) => ['s.id', 's.amount', eb.ref('s.email').$notNull().as('email')]),
      {
        quarantine: {
          'no e-mail': (row) => row('email', 'is', null),
          'a bad e-mail': (row, { matches }) => row.not(matches('row.email', /@/)),
          twice: (row) =>
            row.exists(row.selectFrom('s').whereRef('s.email', '=', 'row.email').whereRef('s.id', '<', 'row.id')),
          negative: (_, { compare }) => compare('row.amount', '<', 0),
        },
      },
    ),
  });
  expect(Object.keys((cleaned.options.build as { quarantine: object }).quarantine)).toHaveLength(4);

  rebuild({ s: Source }, (from) => from.selectFrom('s').select(['s.id']), {
    // @ts-expect-error -- the query does not give that column
    quarantine: { 'no e-mail': (row) => row('email', 'is', null) },
  });
  rebuild({ s: Source }, (from) => from.selectFrom('s').select(['s.id']), {
    // @ts-expect-error -- nor do the functions know it
    quarantine: { 'bad e-mail': (row, { matches }) => matches('row.email', /@/) },
  });
  rebuild({ s: Source }, (from) => from.selectFrom('s').select(['s.id']), {
    // @ts-expect-error -- a number is no condition
    quarantine: { odd: (row) => row.ref('id') },
  });
});
