import type { DatakitError } from '../errors/datakit-error.ts';
import type { FileFormat } from '../files/load-files.ts';
import type { Disposition, LoadMode } from '../model/load-options.ts';
import type { Finding, ReportedTable } from '../report/run-report.ts';

/** What an ingest can write. */
export const outputFormats = ['table', 'parquet', 'json'] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** How an ingest is done; all but the run id has a default. */
export interface IngestOptions {
  readonly runId: string;
  /** Read from here instead of the source that the datakit declares. */
  readonly sourceUrl?: string;
  /** Only these tables, by the entity's table name. */
  readonly tables?: readonly string[];
  /** Default: `['table']`. */
  readonly formats?: readonly OutputFormat[];
  /** Default: `full_snapshot`. `incremental` reads what changed since the last load, for tables that have a cursor. */
  readonly mode?: LoadMode;
  /** Instead of what the tables declare. */
  readonly disposition?: Disposition;
  /** Only rows from this cursor value on; leaves alone how far incremental loads came. */
  readonly from?: string;
  /** Only rows before this cursor value. */
  readonly to?: string;
  /** Replace all rows, whatever the tables declare, and let incremental loads begin there. */
  readonly fullRefresh?: boolean;
  /** Bad rows of a table that may be set aside, as a number or a part (`0.5%`); more refuse its load. Default: 0. */
  readonly maxBadRows?: number | string;
  /** Folder of the files, absolute; default: `files` in the datakit home. */
  readonly out?: string;
  /** Tables that are loaded at the same time, where the engine can; 2. */
  readonly concurrency?: number;
  /** Seconds to wait for another run; 10. */
  readonly lockTimeout?: number;
  /** Stops the work; the loads in hand are rolled back. */
  readonly signal?: AbortSignal;
  /** Told what happens, for people. */
  readonly onEvent?: (event: IngestEvent) => void | Promise<void>;
}

/** What a listener of an ingest is told. */
export type IngestEvent =
  | {
      readonly kind: 'source';
      readonly description: string;
      readonly tables: number;
      /** Tables of the source that nobody declared, where the contract wants to hear of them. */
      readonly undeclared: readonly string[];
    }
  | {
      readonly kind: 'progress';
      readonly table: string;
      readonly bytes: number;
      /** Read so far, about; undefined where the source does not say. */
      readonly rows: number | undefined;
      readonly seconds: number;
      readonly estimatedRows: number | undefined;
    }
  | { readonly kind: 'build'; readonly tables: number; readonly from: readonly string[] }
  | {
      readonly kind: 'retry';
      readonly table: string;
      /** Number of the attempt that comes, and how many there may be. */
      readonly attempt: number;
      readonly attempts: number;
      /** What ended the one before. */
      readonly error: DatakitError;
    }
  | { readonly kind: 'findings'; readonly findings: readonly Finding[] }
  | { readonly kind: 'table'; readonly table: LoadedTable };

/** What became of one table, as the report carries it. */
export type LoadedTable = ReportedTable;

/** What an ingest did. */
export interface IngestResult {
  readonly tables: readonly LoadedTable[];
}

/** The formats that are files, among those asked for. */
export function fileFormatsIn(formats: readonly OutputFormat[]): FileFormat[] {
  return formats.filter((format) => format !== 'table');
}
