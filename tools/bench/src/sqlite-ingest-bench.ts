import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { columnsSql } from './bench-datakit.ts';
import type { IngestStage } from './ingest-stage.ts';
import type { Measured } from './measure.ts';

/** Next to `sqlite3 .import` into an identical table, from a csv file that is there already. */
export async function sqliteIngestBench(stage: IngestStage): Promise<Measured[]> {
  const { folder } = stage;
  const ours = join(folder, 'ours.sqlite');
  const run = await stage.ours(`sqlite:${ours}`, 'table');
  await stage.shell(
    `psql -qX "$SOURCE" -c "copy (select ${columnsSql.replace('valid', 'valid::int')} from measurement) to stdout (format csv)" > ${folder}/rows.csv`,
  );
  const schema = execFileSync('sqlite3', [ours, '.schema bronze_bench_measurement'], { encoding: 'utf8' });
  execFileSync('sqlite3', [join(folder, 'theirs.sqlite'), schema.replaceAll('\n', ' ')]);
  const seconds = await stage.shell(
    `sqlite3 ${folder}/theirs.sqlite ".mode csv" ".import ${folder}/rows.csv bronze_bench_measurement"`,
  );
  return [stage.compare('PostgreSQL → SQLite next to sqlite3 .import', 1, run, seconds)];
}
