import type { Row } from '../engines/session.ts';
import { currentInstant, instantOf } from '../report/instant.ts';
import { chunks, type LedgerRows } from './ledger-rows.ts';

/** How long the loads of a table are remembered that holds none of their rows any more. */
export const keptDays = 90;

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
  /** What the table and its rows were declared to be, as one short text. */
  readonly definition: string;
}

/** The last load of a table, as far as later ones want to know. */
export interface LastLoad {
  readonly loadId: string;
  readonly runId: string;
  readonly startedAt: string;
  readonly publishedAt: string;
  /** Undefined where an earlier version made the load. */
  readonly definition: string | undefined;
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
      definition: record.definition,
    });
  }

  /** The last load that filled a table; undefined where there was none. */
  async latest(datakit: string, table: string): Promise<LastLoad | undefined> {
    // Ids are UUIDs of version 7, so the greatest is the latest. A load may also have written files only.
    const [row] = await this.#rows.select<Row & { load_id: string; run_id: string; definition?: string | null }>(
      'loads',
      `where datakit = ? and table_name = ? and published <> 'files' order by load_id desc limit 1`,
      [datakit, table],
    );
    if (!row) return undefined;
    const publishedAt = instantOf(row['published_at']) ?? '';
    const startedAt = instantOf(row['started_at']) ?? '';
    return { loadId: row.load_id, runId: row.run_id, startedAt, publishedAt, definition: row.definition ?? undefined };
  }

  /**
   * Forgets the loads of a table that are older than {@link keptDays}, with the rows that they set aside. For a table
   * that holds none of their rows: where it does, `bronze_load_id` is to find its load.
   */
  async forgetOld(datakit: string, table: string): Promise<void> {
    const ofTable = 'datakit = ? and table_name = ? and load_id < ?';
    const parameters = [datakit, table, firstIdOf(Date.now() - keptDays * 86_400_000)];
    const old = await this.#rows.select<Row & { load_id: string; rows_quarantined: unknown }>(
      'loads',
      `where ${ofTable}`,
      parameters,
    );
    if (old.length === 0) return;
    // Bookkeeping of a version that had no quarantine counted none.
    const withRejects = old.filter((load) => Number(load.rows_quarantined) > 0).map((load) => load.load_id);
    for (const chunk of chunks(withRejects)) {
      await this.#rows.delete('quarantine', `load_id in (${chunk.map(() => '?').join(', ')})`, chunk);
    }
    await this.#rows.delete('loads', ofTable, parameters);
  }

  /** Rows that the last loads of a datakit's tables set aside, by table and reason. */
  async setAside(datakit: string): Promise<{ table: string; reason: string; rows: number; read: number }[]> {
    const tables = await this.#rows.select<Row & { table_name: string }>(
      'loads',
      `where datakit = ? and rows_quarantined > 0`,
      [datakit],
    );
    const found = [];
    for (const table of [...new Set(tables.map((row) => row.table_name))].toSorted()) {
      const last = await this.latest(datakit, table);
      const load = tables.find((row) => row['load_id'] === last?.loadId);
      if (!load) continue;
      const reasons = await this.#rows.countBy('quarantine', 'reason', 'load_id = ?', [load['load_id']]);
      for (const [reason, count] of reasons) {
        found.push({ table, reason, rows: count, read: Number(load['rows_read']) });
      }
    }
    return found;
  }

  /** True when a load of that id was committed. */
  async has(loadId: string): Promise<boolean> {
    return (await this.#rows.select('loads', 'where load_id = ?', [loadId])).length > 0;
  }
}

/** The least UUID of version 7 of a moment: ids begin with their time. */
function firstIdOf(epochMs: number): string {
  const time = epochMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}
