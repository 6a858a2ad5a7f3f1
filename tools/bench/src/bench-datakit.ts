import { bronzeMetadata, defineDatakit, postgresSource, type Datakit } from '@datakit/framework';
import { defineEntity, p } from '@mikro-orm/core';

const Measurement = defineEntity({
  name: 'Measurement',
  tableName: 'measurement',
  properties: {
    id: p.integer().primary(),
    device: p.integer(),
    label: p.text(),
    checksum: p.text(),
    amount: p.decimal().precision(10).scale(2),
    measured_at: p.datetime(6),
    valid: p.boolean(),
    ...bronzeMetadata,
  },
});

/** One table of seven columns, and the six of the metadata. */
export const benchDatakit: Datakit = defineDatakit({
  name: 'bronze-bench',
  layer: 'bronze',
  source: postgresSource({ system: 'bench', url: '${BENCH_SOURCE_URL}' }),
  tables: [Measurement],
});

/** Makes the source's table. */
export function sourceSql(rows: number): string[] {
  return [
    `create table measurement (id integer primary key, device integer not null, label text not null, checksum text not null,
      amount numeric(10,2) not null, measured_at timestamptz not null, valid boolean not null)`,
    `insert into measurement select i, i % 1000, 'measurement ' || i, md5(i::text), (i % 100000) / 100.0,
      '2024-01-01 00:00:00+00'::timestamptz + i * interval '1.000001 seconds', i % 3 = 0 from generate_series(1, ${rows}) i`,
    'vacuum analyze measurement',
  ];
}

/** The same columns that an ingest writes, for the engines' own clients. */
export const columnsSql = `id, device, label, checksum, amount, measured_at, valid,
  now() as bronze_load_timestamp, 'bench'::text as bronze_source_system, 'measurement'::text as bronze_source_table,
  '127.0.0.1'::text as bronze_source_host, 'full_snapshot'::text as bronze_extraction_method,
  '01a20880-ecb2-72d4-b0ba-84a99049ab3a'::uuid as bronze_load_id`;
