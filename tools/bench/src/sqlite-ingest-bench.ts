import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { columnsSql } from './bench-datakit.ts';
import { best, type IngestRun, type IngestStage } from './ingest-stage.ts';
import type { Measured } from './measure.ts';

const rounds = 3;

/** Next to `sqlite3 .import` into an identical table, from a csv file that is there already. */
export async function sqliteIngestBench(stage: IngestStage): Promise<Measured[]> {
  const [ours, theirs] = [join(stage.folder, 'ours.sqlite'), join(stage.folder, 'theirs.sqlite')];
  const rows = join(stage.folder, 'rows.csv');
  await stage.shell(
    `psql -qX "$SOURCE" -c "copy (select ${columnsSql.replace('valid', 'valid::int')} from measurement) to stdout (format csv)" > ${rows}`,
  );
  const runs: IngestRun[] = [];
  const imports: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const file of [ours, theirs]) await rm(file, { force: true });
    runs.push(await stage.ours(`sqlite:${ours}`, 'table'));
    const schema = execFileSync('sqlite3', [ours, '.schema bronze_bench_measurement'], { encoding: 'utf8' });
    execFileSync('sqlite3', [theirs, schema.replaceAll('\n', ' ')]);
    imports.push(await stage.shell(`sqlite3 ${theirs} ".mode csv" ".import ${rows} bronze_bench_measurement"`));
  }
  const [run, seconds] = [best(runs, (each) => each.seconds), best(imports, (each) => each)];
  return [stage.compare('PostgreSQL → SQLite next to sqlite3 .import', 1, run, seconds)];
}
