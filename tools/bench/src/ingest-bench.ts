import { filesIngestBench } from './files-ingest-bench.ts';
import { IngestStage } from './ingest-stage.ts';
import { mariadbIngestBench } from './mariadb-ingest-bench.ts';
import { memoryBudget, printMeasured, type Measured } from './measure.ts';
import { otherToolsBench } from './other-tools-bench.ts';
import { postgresIngestBench } from './postgres-ingest-bench.ts';
import { sqliteIngestBench } from './sqlite-ingest-bench.ts';

/** Measures ingests next to the engines' own clients and to other tools, in one run on one machine. */
export async function ingestBench(rows: number): Promise<Measured[]> {
  await using stage = await IngestStage.set(rows);
  const all: Measured[] = [];
  for (const bench of [postgresIngestBench, sqliteIngestBench, mariadbIngestBench, filesIngestBench, otherToolsBench]) {
    for (const measured of await bench(stage)) {
      printMeasured(measured);
      all.push(measured);
    }
  }
  const memory: Measured = {
    what: `memory of an ingest (budget ${memoryBudget} MB)`,
    held: stage.peakMegabytes <= memoryBudget,
    figures: `peak ${Math.round(stage.peakMegabytes)} MB`,
  };
  printMeasured(memory);
  return [...all, memory];
}
