import type { Engine } from '../engines/engine.ts';
import type { Row, Session } from '../engines/session.ts';
import { currentInstant } from '../report/instant.ts';
import type { LedgerRows } from './ledger-rows.ts';
import { ledgerTableName } from './ledger-tables.ts';

/** How far the loads of one table came, for one of the forms in which it is written. */
export interface CursorState {
  /** `table`, `parquet`, `json`. */
  readonly format: string;
  readonly sourceSystem: string;
  /** The source's name of the column. */
  readonly column: string;
  /** What its values are: `number`, `text`, `timestamptz` … */
  readonly kind: string;
  /** The greatest value that was loaded, exact, in portable form. */
  readonly value: string;
}

/** Until where incremental loads came; written in the commit of their rows. */
export class Cursors {
  readonly #rows: LedgerRows;
  readonly #engine: Engine;
  readonly #session: Session;

  constructor(rows: LedgerRows, engine: Engine, session: Session) {
    this.#rows = rows;
    this.#engine = engine;
    this.#session = session;
  }

  /** False in a database whose last deployment was by a version that knew no cursors. */
  async exist(): Promise<boolean> {
    return (await this.#engine.readTables(this.#session, [ledgerTableName('cursors', this.#engine)])).length > 0;
  }

  /** @param object the table by its name in the database */
  async of(object: string, formats: readonly string[]): Promise<CursorState[]> {
    const rows = await this.#rows.select<
      Row & { format: string; source_system: string; column_name: string; column_kind: string; value: string }
    >('cursors', 'where object = ? order by format', [object]);
    return rows
      .filter(({ format }) => formats.includes(format))
      .map((row) => ({
        format: row.format,
        sourceSystem: row.source_system,
        column: row.column_name,
        kind: row.column_kind,
        value: row.value,
      }));
  }

  async save(object: string, loadId: string, states: readonly CursorState[]): Promise<void> {
    for (const { format, sourceSystem, column, kind, value } of states) {
      await this.#rows.delete('cursors', 'object = ? and format = ?', [object, format]);
      await this.#rows.insert('cursors', {
        object,
        format,
        source_system: sourceSystem,
        column_name: column,
        column_kind: kind,
        value,
        load_id: loadId,
        recorded_at: currentInstant(),
      });
    }
  }

  /** Forgets how far loads came, so that the next one begins anew. */
  async forget(object: string, formats?: readonly string[]): Promise<void> {
    const some = formats ? ` and format in (${formats.map(() => '?').join(', ')})` : '';
    await this.#rows.delete('cursors', `object = ?${some}`, [object, ...(formats ?? [])]);
  }
}
