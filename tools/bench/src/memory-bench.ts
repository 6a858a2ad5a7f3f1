import { join } from 'node:path';
import { IngestStage } from './ingest-stage.ts';
import { memoryBudget, printMeasured, type Measured } from './measure.ts';

const growth = 1.1;

/** Memory does not grow with the table: ten times as many rows take at most a tenth more. */
export async function memoryBench(rows: number): Promise<Measured[]> {
  const ways = { PostgreSQL: 'table', SQLite: 'table', Parquet: 'parquet', NDJSON: 'json' } as const;
  const peaks = new Map<string, number[]>(Object.keys(ways).map((way) => [way, []]));
  for (const count of [rows, rows * 10]) {
    await using stage = await IngestStage.set(count);
    for (const [way, formats] of Object.entries(ways)) {
      const target = way === 'PostgreSQL' ? stage.urlOf('target') : `sqlite:${join(stage.folder, `${way}.sqlite`)}`;
      peaks.get(way)?.push((await stage.ours(target, formats)).peakMegabytes);
    }
  }
  return [...peaks].map(([way, [few = 0, many = 0]]) => {
    const measured: Measured = {
      what: `memory of ${(rows * 10).toLocaleString('en')} rows to ${way} (budget ${growth} of ${rows.toLocaleString('en')} rows, and ${memoryBudget} MB)`,
      held: many <= growth * few && many <= memoryBudget,
      figures: `ratio ${(many / few).toFixed(2)} (${Math.round(many)} MB, ${Math.round(few)} MB)`,
    };
    printMeasured(measured);
    return measured;
  });
}
