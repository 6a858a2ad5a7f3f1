import { defineEntity, p } from '@mikro-orm/core';
import { bronzeMetadata } from '../../model/bronze-metadata.ts';
import { defineDatakit, type Datakit } from '../../model/datakit.ts';
import type { LoadOptions } from '../../model/load-options.ts';
import { postgresSource } from '../../model/source-definition.ts';
import { table, type TableOptions } from '../../model/table.ts';

const Visit = defineEntity({
  name: 'Visit',
  tableName: 'visit',
  properties: {
    id: p.integer().primary().autoincrement(false),
    name: p.text().nullable(),
    changed: p.datetime(6).nullable(),
    big: p.bigint().nullable(),
    price: p.decimal().precision(30).scale(10).nullable(),
    word: p.text().nullable(),
    ...bronzeMetadata,
  },
});

/** The datakit of one table with columns that make cursors. */
export function visitsKit(load: LoadOptions, options: TableOptions = {}): Datakit {
  return defineDatakit({
    name: 'bronze-visits',
    layer: 'bronze',
    source: postgresSource({ system: 'visits' }),
    tables: [table(Visit, { load: load as never, ...(options as object) })],
  });
}

/** The source's table of the visits, empty. */
export const createVisits =
  'create table visit (id integer primary key, name text, changed timestamptz, big bigint, price numeric(30,10), word text)';
