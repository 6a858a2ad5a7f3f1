import { startMariaDB } from '@datakit/framework/testing';
import { columnsSql } from './bench-datakit.ts';
import type { IngestStage } from './ingest-stage.ts';
import type { Measured } from './measure.ts';

/** Next to `mariadb` that loads an identical table from a file that is there already. */
export async function mariadbIngestBench(stage: IngestStage): Promise<Measured[]> {
  const { folder } = stage;
  await using server = await startMariaDB();
  const target = `mariadb://${server.user}@${server.host}:${server.port}/target`;
  const first = await stage.ours(target, 'table', { MYSQL_PWD: server.password });
  const replace = await stage.ours(target, 'table', { MYSQL_PWD: server.password });
  const instant = (value: string): string => `to_char(${value} at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')`;
  const columns = columnsSql
    .replace('valid', 'valid::int')
    .replaceAll('measured_at', instant('measured_at'))
    .replace('now()', instant('now()'));
  await stage.shell(`psql -qX "$SOURCE" -c "copy (select ${columns} from measurement) to stdout" > ${folder}/rows.tsv`);
  await server.mariadb('target', 'create table yardstick like bronze_bench_measurement');
  const begun = performance.now();
  await server.mariadb(
    'target',
    `load data local infile '${folder}/rows.tsv' into table yardstick character set utf8mb4`,
  );
  const seconds = (performance.now() - begun) / 1000;
  return [
    stage.compare('PostgreSQL → MariaDB next to LOAD DATA, first load', 0.8, first, seconds),
    stage.compare('PostgreSQL → MariaDB next to LOAD DATA, replace', undefined, replace, seconds),
  ];
}
