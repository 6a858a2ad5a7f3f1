import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startMariaDB, startPostgres } from '@datakit/framework/testing';
import { columnsSql, sourceSql } from './bench-datakit.ts';

const run = promisify(execFile);

interface Measured {
  readonly seconds: number;
  readonly peakMegabytes: number;
}

/** Measures ingests next to the engines' own clients, in one run on one machine. Prints one line per budget. */
export async function ingestBench(rows: number): Promise<void> {
  await using server = await startPostgres();
  const folder = await mkdtemp(join(tmpdir(), 'datakit-bench-'));
  try {
    await server.psql('postgres', 'create database source');
    await server.psql('postgres', 'create database target');
    for (const statement of sourceSql(rows)) await server.psql('source', statement);
    const source = server.url('source');
    const ours = async (target: string, formats: string, variables: Record<string, string> = {}): Promise<Measured> => {
      const { stdout } = await run(
        process.execPath,
        [fileURLToPath(new URL('ingest-child.ts', import.meta.url)), target, formats, join(folder, 'files')],
        { env: { ...process.env, BENCH_SOURCE_URL: source, PGPASSWORD: server.password, ...variables } },
      );
      return JSON.parse(stdout) as Measured;
    };
    const shell = async (command: string): Promise<number> => {
      const begun = performance.now();
      await run('bash', ['-c', `set -o pipefail; ${command}`], {
        env: { ...process.env, SOURCE: source, TARGET: server.url('target') },
      });
      return (performance.now() - begun) / 1000;
    };
    const report = (budget: string, limit: number, measured: Measured): void => {
      const rate = (seconds: number): string => `${Math.round(rows / seconds / 1000)} k rows/s`;
      const ratio = (limit / measured.seconds).toFixed(2);
      const memory = `${Math.round(measured.peakMegabytes)} MB`;
      console.log(
        `${budget}: ratio ${ratio} (ours ${rate(measured.seconds)}, client ${rate(limit)}), peak memory ${memory}`,
      );
    };
    const target = server.url('target').replace(/:[^:@]*@/, '@');
    const first = await ours(target, 'table');
    const again = await ours(target, 'table');
    await server.psql(
      'target',
      'create schema yardstick; create table yardstick.measurement (like bronze_bench.measurement including all)',
    );
    const copy = await shell(
      `psql -qX "$SOURCE" -c "copy (select ${columnsSql} from measurement) to stdout (format binary)" | psql -qX "$TARGET" -c "copy yardstick.measurement from stdin (format binary)"`,
    );
    report('PostgreSQL → PostgreSQL, first load (budget 0.8)', copy, first);
    report('PostgreSQL → PostgreSQL, replace (budget 0.5)', copy, again);

    const sqliteFile = join(folder, 'ours.sqlite');
    const sqlite = await ours(`sqlite:${sqliteFile}`, 'table');
    const imported = await shell(
      `psql -qX "$SOURCE" -c "copy (select ${columnsSql.replace('valid', 'valid::int')} from measurement) to stdout (format csv)" > ${folder}/rows.csv`,
    );
    const schema = (await run('sqlite3', [sqliteFile, '.schema bronze_bench_measurement'])).stdout.replaceAll(
      '\n',
      ' ',
    );
    await run('sqlite3', [join(folder, 'theirs.sqlite'), schema]);
    const sqliteImport = await shell(
      `sqlite3 ${folder}/theirs.sqlite ".mode csv" ".import ${folder}/rows.csv bronze_bench_measurement"`,
    );
    report('PostgreSQL → SQLite (budget 1.0)', sqliteImport, sqlite);
    console.log(`  (the client reads a csv file that took another ${imported.toFixed(1)} s to write)`);

    await using mariadb = await startMariaDB();
    const inMariaDB = `mariadb://${mariadb.user}@${mariadb.host}:${mariadb.port}/target`;
    const mariadbFirst = await ours(inMariaDB, 'table', { MYSQL_PWD: mariadb.password });
    const mariadbAgain = await ours(inMariaDB, 'table', { MYSQL_PWD: mariadb.password });
    await shell(
      `psql -qX "$SOURCE" -c "copy (select ${columnsSql.replace('valid', 'valid::int').replaceAll('measured_at', "to_char(measured_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')").replace('now()', "to_char(now() at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')")} from measurement) to stdout" > ${folder}/rows.tsv`,
    );
    await mariadb.mariadb('target', 'create table yardstick like bronze_bench_measurement');
    const load = `load data local infile '${folder}/rows.tsv' into table yardstick character set utf8mb4`;
    const begun = performance.now();
    await mariadb.mariadb('target', load);
    const mariadbLoad = (performance.now() - begun) / 1000;
    report('PostgreSQL → MariaDB, first load (budget 0.8)', mariadbLoad, mariadbFirst);
    report('PostgreSQL → MariaDB, replace', mariadbLoad, mariadbAgain);

    const parquet = await ours(`sqlite:${join(folder, 'parquet.sqlite')}`, 'parquet');
    report(
      'PostgreSQL → Parquet (budget 0.5)',
      await shell(`psql -qX "$SOURCE" -c "copy measurement to stdout" > /dev/null`),
      parquet,
    );
    const json = await ours(`sqlite:${join(folder, 'json.sqlite')}`, 'json');
    const serverJson = await shell(
      `psql -qX "$SOURCE" -c "copy (select row_to_json(row) from (select ${columnsSql} from measurement) row) to stdout" > /dev/null`,
    );
    report('PostgreSQL → NDJSON (budget 0.8)', serverJson, json);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
