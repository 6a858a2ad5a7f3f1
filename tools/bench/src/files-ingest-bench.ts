import { join } from 'node:path';
import { columnsSql } from './bench-datakit.ts';
import { best, type IngestRun, type IngestStage } from './ingest-stage.ts';
import type { Measured } from './measure.ts';

const rounds = 3;

/** Next to a server that sends the same rows, as text or as JSON, to nowhere. */
export async function filesIngestBench(stage: IngestStage): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const [what, format, budget, query] of [
    ['PostgreSQL → Parquet next to COPY text', 'parquet', 0.5, 'measurement'],
    [
      'PostgreSQL → NDJSON next to the server making the JSON',
      'json',
      0.8,
      `(select row_to_json(row) from (select ${columnsSql} from measurement) row)`,
    ],
  ] as const) {
    const runs: IngestRun[] = [];
    const copies: number[] = [];
    for (let round = 0; round < rounds; round++) {
      runs.push(await stage.ours(`sqlite:${join(stage.folder, `${format}.sqlite`)}`, format));
      copies.push(await stage.shell(`psql -qX "$SOURCE" -c "copy ${query} to stdout" > /dev/null`));
    }
    const ours = best(runs, ({ seconds }) => seconds);
    measured.push(
      stage.compare(
        what,
        budget,
        ours,
        best(copies, (seconds) => seconds),
      ),
    );
  }
  return measured;
}
