import { defineEntity, p } from '@mikro-orm/core';
import { defineDatakit, type Datakit } from '../../model/datakit.ts';
import type { AnyEntity } from '../../model/entity.ts';

/** Every kind of column type, and those whose text is easily taken for another one. */
export const everyType = [
  'boolean',
  'smallint',
  'integer',
  'bigint',
  'real',
  'double precision',
  'numeric',
  'numeric(30,10)',
  'decimal(7)',
  'text',
  'varchar',
  'varchar(40)',
  'character varying(255)',
  'char(20)',
  'bpchar',
  'uuid',
  'date',
  'json',
  'jsonb',
  'bytea',
  'time',
  'time(3)',
  'timetz',
  'timestamp',
  'timestamp(0)',
  'timestamptz',
  'timestamptz(6)',
  'timestamp(3) with time zone',
  'interval',
  'text[]',
  'integer[]',
  'numeric(5,2)[]',
  'timestamptz(3)[]',
  'tsvector',
  'inet',
  'int4range',
  'bit varying(5)',
] as const;

const EveryType = defineEntity({
  name: 'EveryType',
  tableName: 'every_type',
  properties: {
    id: p.bigint().primary(),
    ...Object.fromEntries(everyType.map((type, index) => [`c${index}`, p.string().columnType(type).nullable()])),
  },
});

const Defaults = defineEntity({
  name: 'Defaults',
  tableName: 'defaults',
  properties: {
    id: p.integer().primary(),
    empty: p.text().default(''),
    quotes: p.text().default(`it's "quoted" \\ and\nbroken; -- ?`),
    digits: p.text().default('007'),
    casts: p.text().default("'a'::text"),
    word: p.string().length(20).default('NULL'),
    letter: p.string().columnType('char(3)').default('Ab'),
    number: p.integer().default(-1),
    big: p.bigint().default('-9223372036854775807' as never),
    price: p.decimal().precision(5).scale(2).default('4.90'),
    ratio: p.double().default(0.5),
    yes: p.boolean().default(true),
    no: p.boolean().default(false),
    now: p.datetime(6).defaultRaw('now()'),
    also_now: p.datetime(6).defaultRaw('CURRENT_TIMESTAMP'),
    sum: p.integer().defaultRaw('(1 + 2) * 3'),
    call: p.text().defaultRaw("upper('Abc')"),
    options: p.json<object>().defaultRaw(`'{"b": [1, {"c": "it''s"}], "a":null}'`),
    none: p.array().default([]),
    rating: p.enum(['G', "it's", 'NC-17']).default('G'),
  },
});

const Line = defineEntity({
  name: 'Line',
  tableName: 'line',
  properties: {
    order_id: p.integer().primary(),
    position: p.smallint().primary(),
    code: p.string().length(12).unique(),
    amount: p.decimal().precision(10).scale(2).check('amount >= 0'),
    note: p.text().nullable().index(),
    level: p.enum([1, 2, 3]).nullable(),
  },
  indexes: [{ properties: ['note', 'code'] }, { name: 'given_name', properties: ['amount'] }],
  uniques: [{ properties: ['order_id', 'code'] }],
  checks: [{ name: 'not_both', expression: "not (note = ')' and code = 'x''y')" }],
});

/** Relations in a circle, to itself, by two columns, and with every rule. */
const Team = defineEntity({
  name: 'Team',
  tableName: 'team',
  properties: {
    id: p.integer().primary().autoincrement(false),
    leader: () => p.manyToOne(Member).nullable().deleteRule('set null'),
    over: () => p.manyToOne(Team).nullable().deleteRule('cascade').updateRule('no action'),
  },
});
const Member = defineEntity({
  name: 'Member',
  tableName: 'member',
  properties: {
    id: p.uuid().primary(),
    team: () => p.manyToOne(Team).deleteRule('restrict'),
    line: () => p.manyToOne(Line).nullable(),
    badge: () => p.oneToOne(Badge).owner().nullable(),
  },
});
const Badge = defineEntity({
  name: 'Badge',
  tableName: 'badge',
  properties: { id: p.integer().primary(), member: () => p.oneToOne(Member).mappedBy('badge') },
});

/** A datakit of the silver layer, whose keys count up by themselves where the engine can. */
export function datakitOf(tables: readonly unknown[], schema = 'contract'): Datakit {
  return defineDatakit({ name: 'contract', layer: 'silver', schema, tables: tables as readonly AnyEntity[] });
}

/** Everything that an entity can declare. */
export const everything = datakitOf([EveryType, Defaults, Line, Team, Member, Badge]);
