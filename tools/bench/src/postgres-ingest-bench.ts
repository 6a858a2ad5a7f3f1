import { columnsSql } from './bench-datakit.ts';
import { best, type IngestRun, type IngestStage } from './ingest-stage.ts';
import type { Measured } from './measure.ts';

const rounds = 3;

/** Next to two `psql` that copy binary rows into an identical table. */
export async function postgresIngestBench(stage: IngestStage): Promise<Measured[]> {
  const { server } = stage;
  const firsts: IngestRun[] = [];
  const replaces: IngestRun[] = [];
  const copies: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await server.psql('target', 'drop schema if exists bronze_bench cascade; drop schema if exists _datakit cascade');
    firsts.push(await stage.ours(stage.urlOf('target'), 'table'));
    replaces.push(await stage.ours(stage.urlOf('target'), 'table'));
    await server.psql(
      'target',
      `drop schema if exists yardstick cascade; create schema yardstick;
       create table yardstick.measurement (like bronze_bench.measurement including all)`,
    );
    copies.push(
      await stage.shell(
        `psql -qX "$SOURCE" -c "copy (select ${columnsSql} from measurement) to stdout (format binary)" | psql -qX "$TARGET" -c "copy yardstick.measurement from stdin (format binary)"`,
      ),
    );
  }
  const copy = best(copies, (seconds) => seconds);
  return [
    stage.compare('PostgreSQL → PostgreSQL, first load', 0.8, best(firsts, secondsOf), copy),
    stage.compare('PostgreSQL → PostgreSQL, replace', 0.5, best(replaces, secondsOf), copy),
  ];
}

function secondsOf(run: IngestRun): number {
  return run.seconds;
}
