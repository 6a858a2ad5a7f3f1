import type { Row } from '../engines/session.ts';
import { currentInstant, instantOf } from '../report/instant.ts';
import type { LedgerRows } from './ledger-rows.ts';

/**
 * What a database is to us; recorded in it. `disposable`: created and marked by us, may be dropped; `plain`: found
 * there, never dropped; `protected`: never dropped, and only changed by an approved plan, whichever way led to it.
 */
export type DatabaseKind = 'disposable' | 'plain' | 'protected';

/** What a database says about itself. */
export interface DatabaseMarker {
  readonly kind: DatabaseKind;
  readonly createdByRun: string | null;
  /** ISO 8601; from then on `targets --prune` may drop it. */
  readonly expiresAt: string | null;
  /** In seconds; every deployment begins it anew. */
  readonly timeToLive: number | null;
}

/** The one row of a database that says what it is. A kind is only ever made stricter. */
export class DatabaseMarkerRow {
  readonly #rows: LedgerRows;

  constructor(rows: LedgerRows) {
    this.#rows = rows;
  }

  /** Undefined where we have not been yet. */
  async read(): Promise<DatabaseMarker | undefined> {
    const [row] = await this.#rows.select<
      Row & { kind: DatabaseKind; created_by_run: string | null; expires_at?: unknown; time_to_live?: number | null }
    >('database', 'where id = 1');
    if (!row) return undefined;
    return {
      kind: row.kind,
      createdByRun: row.created_by_run,
      expiresAt: instantOf(row.expires_at),
      timeToLive: row.time_to_live ?? null,
    };
  }

  /** Records what the database is. What is protected stays so, and what was found there never becomes disposable. */
  async write(kind: DatabaseKind, runId: string): Promise<void> {
    const known = await this.read();
    if (!known) {
      const recordedAt = currentInstant();
      await this.#rows.insert('database', { id: 1, kind, created_by_run: runId, recorded_at: recordedAt });
    } else if (kind === 'protected') {
      await this.#rows.update('database', { kind, expires_at: null, time_to_live: null }, 'id = 1');
    } else if (kind === 'disposable') {
      // Another run found the new database before the one that created it could say so.
      await this.#rows.update('database', { kind, created_by_run: runId }, `id = 1 and kind = 'plain'`);
    }
  }

  /**
   * Begins the time to live anew; does nothing where the database has none.
   * @param timeToLive in seconds; null: for ever; undefined: as recorded
   */
  async renew(timeToLive?: number | null): Promise<void> {
    const known = await this.read();
    const lives = timeToLive === undefined ? (known?.timeToLive ?? null) : timeToLive;
    if (known?.kind !== 'disposable' || (lives === null && known.timeToLive === null)) return;
    const expiresAt = lives === null ? null : instantOf(new Date(Date.now() + lives * 1000));
    await this.#rows.update(
      'database',
      { expires_at: expiresAt, time_to_live: lives },
      `id = 1 and kind = 'disposable'`,
    );
  }
}
