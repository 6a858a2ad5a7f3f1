import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import { adoptCopy } from './adopt-copy.ts';
import { completeLedger, missingFrom } from './complete-ledger.ts';
import { CreatedObjects } from './created-objects.ts';
import { Cursors } from './cursors.ts';
import { DatabaseMarkerRow, type DatabaseKind } from './database-marker.ts';
import { Deployments } from './deployments.ts';
import { LedgerRows } from './ledger-rows.ts';
import { firstVersionTables, ledgerTableName, ledgerTables } from './ledger-tables.ts';
import { Loads } from './loads.ts';

/** The bookkeeping inside a target. Every method runs in the session's own transaction, if it has one. */
export class Ledger {
  readonly marker: DatabaseMarkerRow;
  readonly deployments: Deployments;
  readonly objects: CreatedObjects;
  readonly loads: Loads;
  readonly cursors: Cursors;
  readonly #engine: Engine;
  readonly #session: Session;

  constructor(engine: Engine, session: Session) {
    this.#engine = engine;
    this.#session = session;
    const rows = new LedgerRows(engine, session);
    this.marker = new DatabaseMarkerRow(rows);
    this.deployments = new Deployments(rows);
    this.objects = new CreatedObjects(rows);
    this.loads = new Loads(rows);
    this.cursors = new Cursors(rows, engine, session);
  }

  /** True where a deployment made the bookkeeping, be it one of an earlier version, whose tables have fewer columns. */
  async exists(): Promise<boolean> {
    const wanted = firstVersionTables.map((table) => ledgerTableName(table, this.#engine));
    return (await this.#engine.readTables(this.#session, wanted)).length === wanted.length;
  }

  /**
   * Makes what is missing of the bookkeeping, and records what the database is.
   * Runs under a lock of the whole database: of five concurrent `create schema if not exists` two fail.
   *
   * @param kind `disposable` only where this run created the database itself
   */
  async create(kind: DatabaseKind, runId: string, timeoutSeconds: number): Promise<void> {
    if ((await this.#missing()).length === 0 && (await this.#says(kind))) return;
    const lock = { key: 'bookkeeping', shared: false };
    await this.#engine.transaction(this.#session, { locks: [lock], timeoutSeconds }, async () => {
      await completeLedger(this.#engine, this.#session, await this.#missing(), () => this.marker.write(kind, runId));
    });
  }

  /** Makes the bookkeeping of a copied database that of the run that copied it. */
  async adoptCopy(runId: string, startedAt: string): Promise<void> {
    const rows = new LedgerRows(this.#engine, this.#session);
    await this.#engine.transaction(this.#session, { locks: [], timeoutSeconds: 0 }, () =>
      adoptCopy(rows, runId, startedAt),
    );
  }

  async #missing(): Promise<ReturnType<typeof missingFrom>> {
    const names = ledgerTables(this.#engine).map((structure) => structure.table);
    return missingFrom(await this.#engine.readTables(this.#session, names), this.#engine);
  }

  async #says(kind: DatabaseKind): Promise<boolean> {
    const marker = await this.marker.read();
    return marker !== undefined && (kind === 'plain' || marker.kind === kind);
  }
}
