import type { Row } from '../engines/session.ts';
import { currentInstant } from '../report/instant.ts';
import type { LedgerRows } from './ledger-rows.ts';

/** One published load. */
export interface LoadRecord {
  readonly loadId: string;
  readonly runId: string;
  readonly datakit: string;
  readonly table: string;
  readonly sourceSystem: string;
  readonly sourceTable: string;
  readonly sourceHost: string;
  readonly extractionMethod: string;
  readonly disposition: string;
  readonly published: string;
  readonly formats: readonly string[];
  readonly rowsRead: number;
  readonly rowsLoaded: number;
  readonly rowsQuarantined: number;
  readonly bytes: number;
  readonly startedAt: string;
}

/** The loads that were published here. */
export class Loads {
  readonly #rows: LedgerRows;

  constructor(rows: LedgerRows) {
    this.#rows = rows;
  }

  async record(record: LoadRecord): Promise<void> {
    await this.#rows.insert('loads', {
      load_id: record.loadId,
      run_id: record.runId,
      datakit: record.datakit,
      table_name: record.table,
      status: 'succeeded',
      source_system: record.sourceSystem,
      source_table: record.sourceTable,
      source_host: record.sourceHost,
      extraction_method: record.extractionMethod,
      disposition: record.disposition,
      published: record.published,
      formats: record.formats.join(','),
      rows_read: record.rowsRead,
      rows_loaded: record.rowsLoaded,
      rows_quarantined: record.rowsQuarantined,
      bytes: record.bytes,
      started_at: record.startedAt,
      published_at: currentInstant(),
    });
  }

  /** The last load of a table; undefined where there was none. */
  async latest(datakit: string, table: string): Promise<{ readonly loadId: string } | undefined> {
    // Ids are UUIDs of version 7, so the greatest is the latest.
    const [row] = await this.#rows.select<Row & { load_id: string }>(
      'loads',
      'where datakit = ? and table_name = ? order by load_id desc limit 1',
      [datakit, table],
    );
    return row && { loadId: row.load_id };
  }

  /** True when a load of that id was committed. */
  async has(loadId: string): Promise<boolean> {
    return (await this.#rows.select('loads', 'where load_id = ?', [loadId])).length > 0;
  }
}
