import type { Check } from '../checks/check.ts';
import type { Engine } from '../engines/engine.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import type { Finding } from '../report/run-report.ts';
import type { SourceConnector, SourceSnapshot } from '../sources/source-connector.ts';
import type { BadRowsLimit } from './bad-rows-limit.ts';
import type { BronzeIngestionPipeline } from './bronze-ingestion-pipeline.ts';
import type { LoadedTable, OutputFormat } from './ingest-request.ts';
import type { LoadOrder } from './load-order.ts';

/** Everything that the loads of one ingest have in common. */
export interface LoadContext {
  readonly datakit: string;
  readonly schema: string;
  readonly runId: string;
  readonly engine: Engine;
  /** Which database decides, for files that are staged beside those of others. */
  readonly targetPlace: string;
  readonly sourceSystem: string;
  readonly sourceSchema: string;
  readonly pipeline: BronzeIngestionPipeline;
  readonly connector: SourceConnector;
  readonly snapshot: SourceSnapshot;
  readonly formats: readonly OutputFormat[];
  /** Output folder of files. */
  readonly out: string;
  /** Folder of all files of ours. */
  readonly home: string;
  /** How many bad rows of a table may be set aside. */
  readonly maxBadRows: BadRowsLimit;
  readonly lockTimeout: number;
  readonly signal: AbortSignal;
  /** What the rows promise. */
  readonly checks: readonly Check[];
  /** Tables that this ingest loads, by their physical names. */
  readonly loading: ReadonlySet<string>;
  /** In which order they are published; absent where all of them are published at once. */
  readonly order?: LoadOrder;
  /** Told what an audit found, also where it refuses the load. */
  onFindings(findings: readonly Finding[]): void | Promise<void>;
  /** Told of a table whose load failed for good. */
  onFailure(table: LoadedTable): void | Promise<void>;
  /** Told when a load is tried again, with the number of the attempt that comes and of all that there may be. */
  onRetry(table: string, attempt: number, attempts: number, error: DatakitError): void | Promise<void>;
  onProgress(table: string, progress: { bytes: number; rows: number | undefined; seconds: number }): void;
}

/** @throws CANCELLED when the run was stopped */
export function refuseWhenStopped(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled(undefined);
}

/** What a stopped load ends with, whatever its streams threw when they were cut. */
export function cancelled(cause: unknown): DatakitError {
  return new DatakitError({
    code: 'CANCELLED',
    message: 'The ingest was stopped; the load in hand was rolled back.',
    cause,
  });
}
